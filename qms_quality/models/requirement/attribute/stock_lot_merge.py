from collections import Counter

from odoo import models

# Of a mixture something is known even where products made of it inherit nothing.
RULES = {"none": "same"}


class StockLot(models.Model):
    """Lots that are mixed get the attributes of the mixture."""

    _inherit = "stock.lot"

    def _qms_merge(self, target, choice=None):
        lots = self | target
        # sudo: see there; the quantities before the goods get their new number
        quants = self.env["stock.quant"].sudo().search(lots._qms_get_stock_domain())
        quantities = Counter(dict.fromkeys(lots, 0))
        for quant in quants:
            quantities[quant.lot_id.with_env(self.env)] += quant.quantity
        res = super()._qms_merge(target, choice)
        made_of = {lot: quantity for lot, quantity in quantities.items() if quantity}
        if made_of:
            rows = self.env["qms.lot.attribute"]
            rows._qms_mix({target: made_of}, "copy", RULES)
        return res
