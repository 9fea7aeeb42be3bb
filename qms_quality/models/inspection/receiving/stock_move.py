from odoo import models


class StockMove(models.Model):
    """The next step of goods that wait for their inspection."""

    _inherit = "stock.move"

    def _qms_waits_at(self, quant):
        """Tell whether this move would take these goods on."""
        self.ensure_one()
        return self.product_id == quant.product_id and quant.location_id._child_of(
            self.location_id
        )
