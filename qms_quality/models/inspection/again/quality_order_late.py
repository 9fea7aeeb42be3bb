from odoo import api, fields, models
from odoo.fields import Domain

from ...sentinel import trusted
from ..quality_order import DONE_STATES


class QmsQualityOrder(models.Model):
    """A lot whose inspection again is late goes back under inspection."""

    _inherit = "qms.quality.order"

    @api.model
    def _get_late_domain(self):
        return (
            Domain("date_late", "<=", fields.Datetime.now())
            & Domain("state", "not in", DONE_STATES)
            & Domain("hold_goods", "=", False)
        )

    def _filter_late(self):
        now = fields.Datetime.now()
        return self.filtered(lambda order: order.date_late and order.date_late <= now)

    def _hold_late(self):
        """Hold the lots of these orders until they have passed."""
        if not self:
            return
        trusted(self).hold_goods = True
        reason = self.env._("Inspection is late")
        status = self._get_waiting_status()
        self.env["qms.hold"]._place(
            [
                {**order._prepare_hold_values(status, reason), **goods}
                for order in self
                for goods in order._get_goods()
            ]
        )
        self._message_log_batch({order.id: reason for order in self})
