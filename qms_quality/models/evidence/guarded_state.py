from odoo import models
from odoo.exceptions import UserError


class QmsGuardedMixin(models.AbstractModel):
    """What of a record people write in which state."""

    _inherit = "qms.guarded.mixin"

    def _check_phase(self, names, *states):
        """Refuse to write fields of records that are in other states.

        :param set names: the fields
        :param states: those in which they can be written
        :raise UserError: names the fields and the records
        """
        wrong = self.filtered(lambda record: record.state not in states)
        if names and wrong:
            labels = [
                self._fields[name]._description_string(self.env)
                for name in sorted(names)
            ]
            raise UserError(
                self.env._(
                    "This can't be changed now: %(fields)s, of %(names)s.",
                    fields=", ".join(labels),
                    names=", ".join(wrong._get_name_and_state()),
                )
            )

    def _get_name_and_state(self):
        """Return each record by its name with its state, for a refusal."""
        states = dict(self._fields["state"]._description_selection(self.env))
        return [f"{record.name} ({states[record.state]})" for record in self]
