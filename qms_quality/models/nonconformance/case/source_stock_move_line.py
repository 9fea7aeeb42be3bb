from collections import defaultdict

from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _qms_get_line_goods(self):
        """Return ``{Goods: quantity}`` of what these lines brought, or will take."""
        goods = defaultdict(float)
        for line in self:
            if shown := line._qms_get_shown_goods():
                goods[shown] += line.quantity_product_uom
        return goods
