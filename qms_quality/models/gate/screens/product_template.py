from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    qms_open_hold_count = fields.Integer(
        string="Open Holds", compute="_compute_qms_open_hold_count"
    )

    def _compute_qms_open_hold_count(self):
        for template in self:
            counts = template.product_variant_ids.mapped("qms_open_hold_count")
            template.qms_open_hold_count = sum(counts)

    def action_qms_open_holds(self):
        """Open the holds of the variants, the open ones first in view."""
        return self.product_variant_ids.action_qms_open_holds()
