from odoo import models
from odoo.fields import Domain


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "qms.traced.mixin"]

    def _qms_get_traced_lines_domain(self):
        return Domain("move_id.purchase_line_id.order_id", "in", self.ids)
