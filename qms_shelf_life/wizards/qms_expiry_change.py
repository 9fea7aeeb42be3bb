from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.dates.date_formula import DateFormula

SHOWN = 10


class QmsExpiryChange(models.TransientModel):
    """Asks when lots are to expire, and why."""

    _name = "qms.expiry.change"
    _description = "Change the Expiration of Lots"
    _inherit = ["qms.date.formula.mixin"]

    lot_ids = fields.Many2many("stock.lot", string="Lots", required=True)
    mode = fields.Selection(
        [("date", "On this day"), ("formula", "Later or earlier by")],
        string="They Expire",
        required=True,
        default="date",
    )
    date = fields.Date(
        string="Day of Expiry", help="The last day on which the goods may be used."
    )
    formula = fields.Char(
        string="Period",
        qms_formula=True,
        help="A date formula, counted from each lot's day of expiry: 30D, 1M, -5D.",
    )
    reason = fields.Char(required=True)
    preview = fields.Text(string="What Changes", compute="_compute_preview")

    @api.depends("lot_ids", "mode", "date", "formula")
    def _compute_preview(self):
        for wizard in self:
            try:
                dates = wizard._get_dates()
            except (UserError, ValueError, OverflowError):
                dates = {}
            wizard.preview = wizard._get_preview(dates)

    def _get_preview(self, dates):
        lines = [
            self.env._(
                "%(lot)s: %(old)s → %(new)s",
                lot=lot.display_name,
                old=format_date(self.env, self._get_day(lot)) or "–",
                new=format_date(self.env, new),
            )
            for lot, new in list(dates.items())[:SHOWN]
        ]
        if len(dates) > SHOWN:
            lines.append(self.env._("and %(count)s more", count=len(dates) - SHOWN))
        return "\n".join(lines)

    def _get_day(self, lot):
        return lot._qms_get_expiry_day(lot._qms_get_calendar())

    def _get_dates(self):
        """Return the new day of expiry of each lot.

        :raise UserError: where it isn't said, or can't be counted
        """
        if self.mode == "date":
            return dict.fromkeys(self.lot_ids._origin, self.date) if self.date else {}
        if not self.formula:
            return {}
        formula = DateFormula(self.formula)
        return {
            lot: self._qms_move_day(formula.after, self._get_day(lot))
            for lot in self.lot_ids._origin
            if lot.expiration_date
        }

    def action_change(self):
        """Let the lots expire as chosen.

        :raise AccessError, UserError: as ``stock.lot._qms_change_expiry``; and where
            no date or period was given, or a lot has no date to count from
        """
        self.ensure_one()
        dates = self._get_dates()
        missing = self.lot_ids.filtered(lambda lot: lot not in dates)
        if missing:
            raise UserError(
                self.env._(
                    "Give a day on which these lots expire; a period counts only for"
                    " lots that have an expiration date: %(lots)s.",
                    lots=", ".join(missing.mapped("display_name")),
                )
            )
        self.lot_ids._qms_change_expiry(dates, self.reason)
