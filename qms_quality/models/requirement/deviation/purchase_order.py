from odoo import models


class PurchaseOrder(models.Model):
    """Orders show what departed from their requirements."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "qms.deviating.order.mixin"]
