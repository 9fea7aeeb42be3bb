from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _qms_get_preferred_lots(self):
        """Return the ids of the lots that are to be used before others."""
        # sudo: the order of goods is the same for everyone
        lots = self.env["stock.lot"].sudo()
        return {
            *lots._search(
                [("product_id", "in", self.ids), ("qms_use_first", "=", True)]
            ).get_result_ids()
        }
