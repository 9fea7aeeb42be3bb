from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import is_trusted


class QmsStagedMixin(models.AbstractModel):
    """Records that people write, but for the fields that only their actions write."""

    _name = "qms.staged.mixin"
    _description = "Record with Stages"

    @api.model
    def _get_action_fields(self):
        """Return the names of the fields that only actions write."""
        return {"state"}

    @api.model
    def _get_action_defaults(self):
        """Return the values that these fields start with."""
        # not default_get: a person's own defaults and context would come in
        fields = [self._fields[name] for name in self._get_action_fields()]
        return {
            field.name: field.default(self) if field.default else False
            for field in fields
        }

    @api.model_create_multi
    def create(self, vals_list):
        if not is_trusted(self.env):
            vals_list = [self._prepare_first_values(vals) for vals in vals_list]
        return super().create(self._prepare_numbers(vals_list))

    def _prepare_numbers(self, vals_list):
        """Return the values with what the system gives each new record."""
        return vals_list

    def _prepare_first_values(self, vals):
        """Return the values of a new record as its actions want to find it."""
        start = self._get_action_defaults()
        self._check_by_hand(
            {
                name
                for name in start.keys() & vals.keys()
                if vals[name] and vals[name] != start[name]
            }
        )
        return {**vals, **start}

    def write(self, vals):
        if not is_trusted(self.env):
            self.check_access("write")
            self._check_by_hand(self._get_action_fields() & vals.keys())
            self._check_change(vals)
        return super().write(vals)

    def _check_change(self, vals):
        """Refuse what can't be written at this stage. Extension point.

        :param dict vals: what is to be written
        """

    def _check_by_hand(self, names):
        """Refuse to write fields by hand that only actions write.

        :raise AccessError: names the fields
        """
        if names:
            labels = [self._fields[one]._description_string(self.env) for one in names]
            raise AccessError(
                self.env._(
                    "%(model)s: these fields are set by its buttons only: %(fields)s.",
                    model=self._description,
                    fields=", ".join(sorted(labels)),
                )
            )

    def _check_stage(self, states, action):
        """Refuse unless all records are in one of ``states``.

        :param states: values of ``state``
        :param str action: what is to be done, for people
        :raise UserError: names the records that are not
        """
        wrong = self.filtered(lambda record: record.state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "%(action)s isn't possible for: %(records)s.",
                    action=action,
                    records=", ".join(wrong._get_name_and_stage()),
                )
            )

    def _get_name_and_stage(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return [f"{one.display_name} ({states[one.state]})" for one in self]
