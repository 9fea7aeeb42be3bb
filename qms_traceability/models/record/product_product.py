from odoo import models
from odoo.fields import Domain


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "qms.traced.mixin"]

    def _qms_get_traced_lots(self, limit):
        return self._qms_search_traced_lots(Domain("product_id", "in", self.ids), limit)
