from odoo import models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _qms_get_place_name(self):
        """Return the place and the package of this stock, for people."""
        self.ensure_one()
        names = (self.location_id.display_name, self.package_id.name)
        return " · ".join(name for name in names if name)
