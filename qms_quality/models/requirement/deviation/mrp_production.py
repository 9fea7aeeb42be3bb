from odoo import models


class MrpProduction(models.Model):
    """Manufacturing orders show their deviations, and ask for approval of them."""

    _name = "mrp.production"
    _inherit = ["mrp.production", "qms.deviating.mixin"]

    def _qms_get_deviation_domain(self):
        return [("production_id", "in", self.ids)]

    def _qms_get_deviating_moves(self):
        return self.move_raw_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )

    def _qms_prepare_deviation_by_hand(self):
        self.ensure_one()
        return {
            "production_id": self.id,
            "direction": "production",
            "product_id": self.product_id.id,
            "lot_id": self.lot_producing_ids[:1].id,
            "company_id": self.company_id.id,
        }
