from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _qms_get_key(self):
        """Return what tells the goods of this line from others in stock."""
        self.ensure_one()
        return self.product_id, self.location_id, self.lot_id, self.package_id
