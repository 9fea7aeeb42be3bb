from odoo import models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "qms.traced.mixin"]

    def _qms_get_traced_lots(self, limit):
        return self.product_variant_ids._qms_get_traced_lots(limit)
