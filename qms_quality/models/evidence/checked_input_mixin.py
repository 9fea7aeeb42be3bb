from odoo import api, models
from odoo.exceptions import ValidationError

from ..sentinel import is_trusted
from .field_input import CHECKS


class QmsCheckedInputMixin(models.AbstractModel):
    """Says in words what of the values that programs send can't be.

    A form asks for what is needed and takes nothing else. Other programs send kinds
    that there are none of, quantities as texts, or no numbers at all; Odoo answers
    those with what went wrong inside.

    A model calls :meth:`_check_input` in the ``create`` and ``write`` that come first.
    """

    _name = "qms.checked.input.mixin"
    _description = "Values are Checked"

    @api.model
    def _check_input(self, vals_list, is_new=False):
        """Refuse values that their fields can't have.

        :param list vals_list: of dictionaries, as for ``create`` or ``write``
        :param bool is_new: whether all that is needed must be there
        :raise ValidationError: names everything that is wrong
        """
        if is_trusted(self.env):
            return
        problems = {
            problem: True
            for vals in vals_list
            for problem in self._get_input_problems(vals, is_new)
        }
        if is_new:
            # defaults of the context come in as values do
            defaults = self._get_input_problems(self._get_default_input(), False)
            problems.update(dict.fromkeys(defaults))
        if problems:
            raise ValidationError(
                self.env._(
                    "%(model)s: nothing was saved.\n%(problems)s",
                    model=self._get_input_name(),
                    problems="\n".join(f"- {problem}" for problem in problems),
                )
            )

    @api.model
    def _get_default_input(self):
        """Return the values that the context gives to new records."""
        keys = [key for key in self.env.context if str(key).startswith("default_")]
        named = {key.removeprefix("default_"): self.env.context[key] for key in keys}
        # what is readonly comes from no client
        return {
            name: value
            for name, value in named.items()
            if name in self._fields and not self._fields[name].readonly
        }

    @api.model
    def _get_input_name(self):
        # sudo: the name of the model, whoever asks
        return self.env["ir.model"].sudo()._get(self._name).name

    @api.model
    def _get_input_problems(self, vals, is_new):
        """Return what can't be of the values of one record, for people."""
        if not isinstance(vals, dict):
            return [self.env._("%s: no values of fields.", str(vals)[:50])]
        return [
            *(
                self._get_value_problem(name, value)
                for name, value in vals.items()
                if not self._is_fit(name, value)
            ),
            *(self._get_missing_problems(vals) if is_new else ()),
        ]

    @api.model
    def _is_fit(self, name, value):
        field = self._fields.get(name)
        if field is None:
            return False
        if value is None or value is False:
            return not field.required or field.type in ("boolean", "integer", "float")
        if field.type == "selection":
            return isinstance(value, str) and value in field.get_values(self.env)
        return field.type not in CHECKS or CHECKS[field.type](value)

    @api.model
    def _get_missing_problems(self, vals):
        """Return which fields are needed, neither told nor known by themselves."""
        needed = [
            name
            for name, field in self._fields.items()
            if field.required
            and name not in vals
            and not field.compute
            and not field.default
        ]
        known = self.default_get(needed) if needed else {}
        return [
            self.env._("%s: is needed.", self._get_input_label(name))
            for name in needed
            if not known.get(name) and known.get(name) != 0
        ]

    @api.model
    def _get_input_label(self, name):
        return self._fields[name]._description_string(self.env)

    @api.model
    def _get_value_problem(self, name, value):
        """Return why a value isn't one of its field, for people."""
        if name not in self._fields:
            return self.env._("%s: there is no such field.", str(name)[:50])
        label = self._get_input_label(name)
        if value is None or value is False:
            return self.env._("%s: is needed.", label)
        field, text = self._fields[name], str(value)[:50]
        if field.type == "selection":
            return self.env._(
                "%(field)s: %(value)s is none of %(choices)s.",
                field=label,
                value=text,
                choices=", ".join(field.get_values(self.env)),
            )
        wanted = {
            "float": self.env._("a number"),
            "monetary": self.env._("a number"),
            "integer": self.env._("a whole number"),
            "many2one": self.env._("the id of a record"),
            "one2many": self.env._("a list of records"),
            "many2many": self.env._("a list of records"),
            "date": self.env._("a date (YYYY-MM-DD)"),
            "datetime": self.env._("a date and time (YYYY-MM-DD hh:mm:ss)"),
        }
        return self.env._(
            "%(field)s: %(value)s isn't %(wanted)s.",
            field=label,
            value=text,
            wanted=wanted.get(field.type, self.env._("a text")),
        )
