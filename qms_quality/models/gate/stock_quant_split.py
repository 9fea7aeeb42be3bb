from odoo import models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _qms_spread(self, quantity):
        """Return how much of ``quantity`` each of these quants gives, in order."""
        spread, left = {}, quantity
        for quant in self:
            spread[quant] = min(quant.quantity, left)
            left -= spread[quant]
        return {quant: taken for quant, taken in spread.items() if taken > 0}

    def _qms_prepare_child_holds(self, child):
        """Return the values of the holds that a child lot of these goods gets.

        Each is of its own: one part may be released while the other stays held. Holds
        without a lot cover the child already, where it is.
        """
        covering = self.env["qms.hold"]._get_covering(self._qms_get_goods())
        holds = self.env["qms.hold"].sudo().union(*covering)
        return [hold._prepare_child_lot(child) for hold in holds if hold.lot_id]
