from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _qms_is_dated_by_rule(self):
        """Tell whether a rule of product or category says when goods expire."""
        return bool(self.use_expiration_date and self.product_tmpl_id._qms_is_ruled())
