from odoo import models

from ...gate.transaction import INSIDE


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _qms_filter_inside(self):
        """Return those of ``self`` that are goods in stock, or on their way inside."""
        return self.filtered(
            lambda quant: quant.quantity > 0 and quant.location_id.usage in INSIDE
        )
