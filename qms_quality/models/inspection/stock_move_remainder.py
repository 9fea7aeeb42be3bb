from odoo import models


class StockMove(models.Model):
    """Samples of goods to come end with the last move that would bring them."""

    _inherit = "stock.move"

    def _qms_find_ending(self):
        orders = super()._qms_find_ending()
        return orders | self.env["qms.quality.order"]._find_remainders(self)
