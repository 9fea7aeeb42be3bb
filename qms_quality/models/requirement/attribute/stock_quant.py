from odoo import models


class StockQuant(models.Model):
    """Where lots are chosen, their promoted attributes are shown."""

    _name = "stock.quant"
    _inherit = ["stock.quant", "qms.promoted.mixin"]
