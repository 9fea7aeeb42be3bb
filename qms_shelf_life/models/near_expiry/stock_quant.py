from odoo import models


class StockQuant(models.Model):
    """Goods that were decided to be used first come before others."""

    _inherit = "stock.quant"

    def _qms_get_free(self):
        """Return what nothing has reserved of these goods: ``{quant: quantity}``."""
        free = {quant: quant.quantity - quant.reserved_quantity for quant in self}
        return {
            quant: quantity
            for quant, quantity in free.items()
            if quant.product_uom_id.compare(quantity, 0) > 0
        }

    def _qms_spread_free(self, quantity):
        """Return how much each of these goods gives, of what nothing has reserved.

        :param float quantity: in the product's unit
        :return: ``{quant: quantity}``, the first of them first
        """
        spread, left = {}, quantity
        for quant, free in self._qms_get_free().items():
            if quant.product_uom_id.compare(left, 0) > 0:
                spread[quant] = min(free, left)
                left -= spread[quant]
        return spread

    def _get_gather_domain(self, *args, **kwargs):
        if self.env.context.get("qms_past_removal"):
            # what was decided about is taken, whenever core would remove it
            self = self.with_context(with_expiration=False)
        return super()._get_gather_domain(*args, **kwargs)

    def _gather(self, product_id, location_id, *args, **kwargs):
        quants = super()._gather(product_id, location_id, *args, **kwargs)
        if len(quants) < 2 or not product_id.use_expiration_date:
            return quants
        preferred = product_id._qms_get_preferred_lots()
        if not preferred:
            return quants
        # the sorting is stable: among each other they stay in core's order
        return quants.sorted(lambda quant: quant.lot_id.id not in preferred)
