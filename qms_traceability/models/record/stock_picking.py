from odoo import models
from odoo.fields import Domain


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "qms.traced.mixin"]

    def _qms_get_traced_lines_domain(self):
        return Domain("picking_id", "in", self.ids)
