from odoo import models


class SaleOrder(models.Model):
    """Orders show what departed from their requirements."""

    _name = "sale.order"
    _inherit = ["sale.order", "qms.deviating.order.mixin"]
