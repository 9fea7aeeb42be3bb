from odoo import models


class StockQuant(models.Model):
    _name = "stock.quant"
    _inherit = ["stock.quant", "qms.held.goods.mixin"]

    def _qms_get_held_goods(self):
        return {
            quant: [one] for quant, one in zip(self, self._qms_get_goods(), strict=True)
        }
