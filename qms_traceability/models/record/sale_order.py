from odoo import models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "qms.traced.mixin"]

    def _qms_get_traced_lines_domain(self):
        return Domain("move_id.sale_line_id.order_id", "in", self.ids)
