from odoo import models


class StockPicking(models.Model):
    """Transfers show their deviations, and ask for approval of them."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "qms.deviating.mixin"]

    def _qms_get_deviation_domain(self):
        return [("picking_id", "in", self.ids)]

    def _qms_get_deviating_moves(self):
        return self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    def _qms_prepare_deviation_by_hand(self):
        self.ensure_one()
        direction = {"incoming": "in", "outgoing": "out"}
        return {
            "picking_id": self.id,
            "partner_id": self.partner_id.id,
            "direction": direction.get(self.picking_type_code, "out"),
            "product_id": self.product_id[:1].id,
            "company_id": self.company_id.id,
        }
