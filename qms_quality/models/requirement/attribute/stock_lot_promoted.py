from odoo import api, models


class StockLot(models.Model):
    _name = "stock.lot"
    _inherit = ["stock.lot", "qms.promoted.mixin"]
    _qms_lot_field = ""

    @api.depends("qms_attribute_ids.value")
    def _compute_qms_promoted(self):
        return super()._compute_qms_promoted()

    @api.model
    def _qms_get_column_anchors(self):
        return ["inspection_status_id", "product_id", "name"]
