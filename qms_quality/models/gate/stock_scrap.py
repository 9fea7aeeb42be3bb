from odoo import models

from .transaction import Goods


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    def action_validate(self):
        warnings = self._qms_get_warnings()
        asked = warnings and self.env["qms.warning"]._ask(self, warnings)
        return asked or super().action_validate()

    def _qms_get_warnings(self):
        """Return what the gate warns of before the move is made, see move lines."""
        self.ensure_one()
        if not self.product_id.is_storable or not self.env["qms.hold"]._qms_may_warn():
            return {}
        goods = Goods(self.product_id, self.lot_id, self.location_id, self.package_id)
        types = self.location_id._qms_transaction_types(
            self.scrap_location_id, scrap=True
        )
        (reasons,) = self.env["qms.hold"]._qms_gate_reasons([goods], types)
        if any(reason.policy == "block" for reason in reasons):
            return {}
        lines, Warning = self.env["stock.move.line"], self.env["qms.warning"]
        return {
            Warning._get_key(self, goods, reason): lines._qms_get_warning_text(
                goods, reason
            )
            for reason in reasons
        }
