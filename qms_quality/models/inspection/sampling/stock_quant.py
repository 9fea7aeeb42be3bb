from odoo import models


class StockQuant(models.Model):
    """What can be taken of goods for a sample."""

    _inherit = "stock.quant"

    def _qms_pick_free(self, quantity):
        """Return ``[(quant, quantity)]`` that makes up ``quantity`` of what nobody has
        reserved; nothing, where that is not enough."""
        left, goods = quantity, []
        for quant in self.sorted("id"):
            taken = min(left, quant.quantity - quant.reserved_quantity)
            if quant.product_uom_id.compare(taken, 0) > 0:
                goods.append((quant, taken))
                left -= taken
        unit = self.product_uom_id[:1]
        return [] if unit.compare(left, 0) > 0 else goods
