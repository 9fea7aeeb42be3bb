from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _compute_forecast_information(self):
        """Tell moves what they can have: components for consumption, others to sell.

        Goods that are limited to some customers can be had for these.
        """
        components = self.filtered("raw_material_production_id")
        if components or not self:
            components._qms_forecast(qms_gate_type="consumption")
        for partner, moves in (self - components)._qms_group_by_customer().items():
            moves._qms_forecast(qms_gate_type="delivery", qms_gate_partner=partner.id)

    def _qms_group_by_customer(self):
        if not any(product._qms_is_held() for product in self.product_id):
            return {self.env["res.partner"]: self} if self else {}
        return self.env["qms.hold"]._group_by_customer(
            self, lambda move: move._qms_get_partner()
        )

    def _qms_forecast(self, **context):
        moves = self.with_context(**context)
        return super(StockMove, moves)._compute_forecast_information()
