from odoo import fields, models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    qms_sell_by_date = fields.Date(related="lot_id.qms_sell_by_date")
