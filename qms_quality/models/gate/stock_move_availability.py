from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _compute_forecast_information(self):
        """Tell moves what they can have: components for consumption, others to sell."""
        components = self.filtered("raw_material_production_id")
        others = self - components
        if components and others:
            components._compute_forecast_information()
            return others._compute_forecast_information()
        moves = self.with_context(
            qms_gate_type="consumption" if components else "delivery"
        )
        return super(StockMove, moves)._compute_forecast_information()
