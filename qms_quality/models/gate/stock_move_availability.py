from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _compute_forecast_information(self):
        """Tell moves what they can have: components for consumption, others to sell."""
        components = self.filtered("raw_material_production_id")
        for moves, name in ((components, "consumption"), (self - components, "delivery")):
            if moves:
                super(
                    StockMove, moves.with_context(qms_gate_type=name)
                )._compute_forecast_information()
