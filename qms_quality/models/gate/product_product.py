from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    qms_gate_counter = fields.Integer(readonly=True, copy=False)
