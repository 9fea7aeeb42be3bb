from datetime import datetime

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.sentinel import is_trusted


class StockLot(models.Model):
    """Somebody decides that lots expire at another date."""

    _inherit = "stock.lot"

    def action_qms_change_expiry(self):
        """Open the dialog that changes when these lots expire.

        :return: action
        :raise AccessError: for those who may not
        """
        self._qms_check_expiry_change()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Expiration"),
            "res_model": "qms.expiry.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lot_ids": self.ids},
        }

    def _qms_check_expiry_change(self):
        """Refuse those who may not change when these lots expire.

        :raise AccessError, UserError: names the lots and what to do
        """
        if not is_trusted(self.env):
            self.check_access("write")
            if self.filtered("qms_dates_locked"):
                self._qms_refuse_date_change()
        undated = self.filtered(lambda lot: not lot.product_id.use_expiration_date)
        if undated:
            raise UserError(
                self.env._(
                    "These lots have no expiration date, nor does their product use"
                    " any: %(lots)s.\nTick Expiration Date on the product first.",
                    lots=", ".join(undated.mapped("display_name")),
                )
            )

    def _qms_change_expiry(self, date, reason, decision=None):
        """Let these lots expire on another day, for a reason.

        Their other dates shift along, reservations are checked again, and the audit
        trail says why. Actions that have checked other rights call it trusted.

        :param date: ``date`` (the last day of use, by the calendar of where the lot
            is), ``datetime``, or a ``dict`` of either by lot
        :param str reason: why; at least as long as a reason for change has to be
        :param decision: a record of any model that decided it, for the trail
        :raise AccessError: for those who may not
        :raise UserError: for lots without dates
        :raise ReasonRequired: where there is no reason
        """
        self._qms_check_expiry_change()
        told = self.with_context(qms_reason=reason)
        rules = told.env["qms.reason.rule"]
        if not rules._is_given():
            rules._refuse(self.mapped("display_name"))
        dates = date if isinstance(date, dict) else dict.fromkeys(self, date)
        told._qms_set_expirations(
            {lot: lot._qms_as_expiration(dates[lot]) for lot in told}
        )
        if decision:
            reason = f"{reason} ({decision.display_name})"
        self.env["qms.audit.entry"]._log(self, "change_expiry", reason=reason)

    def _qms_as_expiration(self, date):
        if not date or isinstance(date, datetime):
            return date
        return self._qms_get_calendar()._qms_get_expiry_moment(date)
