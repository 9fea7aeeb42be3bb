from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .date_formula import DateFormula


class QmsDateFormulaMixin(models.AbstractModel):
    """Records with date formulas: ``fields.Char(qms_formula=True)``.

    They are checked and written in capitals when they are stored, whoever writes them.
    """

    _name = "qms.date.formula.mixin"
    _description = "Date Formulas"

    def _valid_field_parameter(self, field, name):
        return name == "qms_formula" or super()._valid_field_parameter(field, name)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._qms_with_formulas(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._qms_with_formulas(vals))

    @api.model
    def _qms_with_formulas(self, vals):
        """Return ``vals`` with its formulas as they are stored; refuse wrong ones."""
        formulas = {
            name: str(self._qms_get_formula(vals[name], self._fields[name]))
            for name in vals
            if vals[name] and getattr(self._fields.get(name), "qms_formula", False)
        }
        return {**vals, **formulas}

    @api.model
    def _qms_get_formula(self, text, field):
        """Return a text as :class:`DateFormula`.

        :raise ValidationError: which names the field and what is wrong in the text
        """
        try:
            formula = DateFormula(str(text))
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "%(field)s: “%(text)s” is no date formula, from “%(rest)s” on."
                    " Write for example 30D, 2W, 6M, 1Y-5D, or CM+10D for ten days"
                    " after the month's end.",
                    field=field._description_string(self.env),
                    text=text,
                    rest=error,
                )
            ) from error
        for move in (formula.after, formula.before):
            self._qms_move_day(move, fields.Date.today())
        return formula

    @api.model
    def _qms_move_day(self, move, day):
        """Return where a date formula leads from a day.

        :param move: ``after`` or ``before`` of a :class:`DateFormula`
        :param date day: where to start
        :return: ``date``
        :raise ValidationError: if that lies outside the calendar
        """
        try:
            return move(day)
        except OverflowError as error:
            raise ValidationError(
                self.env._(
                    "The period %(formula)s leads out of the calendar from %(day)s:"
                    " write a shorter one.",
                    formula=error,
                    day=format_date(self.env, day),
                )
            ) from error
