from odoo import models


class QmsQualityOrder(models.Model):
    """Goods that were checked on demand without being held are held when they fail."""

    _inherit = "qms.quality.order"

    def _hold_at_once(self):
        failed = self._get_unheld().filtered(lambda order: order._get_fatal_text())
        failed._place_asked_holds()
        return super()._hold_at_once()

    def _validate(self):
        # before: what fails replaces the holds that are there
        failed = self._get_unheld().filtered(
            lambda order: order._get_verdict() != "passed"
        )
        failed._place_asked_holds()
        return super()._validate()

    def _get_unheld(self):
        """Return the orders by hand that hold nothing while they wait."""
        asked = self.filtered(
            lambda order: order.event == "manual" and not order.hold_goods
        )
        if not asked:
            return asked
        held = self.env["qms.hold"]._search_open(self._name, asked.ids)
        return asked - self.browse(held.mapped("res_id"))

    def _place_asked_holds(self):
        status = self._get_waiting_status()
        self.env["qms.hold"]._place(
            [
                {**order._prepare_hold_values(status), **goods}
                for order in self
                for goods in order._get_goods_and_parts()
            ]
        )
