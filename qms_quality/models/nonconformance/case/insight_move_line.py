from odoo import fields, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    qms_quality_order_ids = fields.Many2many(
        related="lot_id.qms_quality_order_ids", string="Quality Orders of the Lot"
    )
