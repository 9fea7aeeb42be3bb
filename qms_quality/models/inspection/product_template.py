from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    qms_quality_order_count = fields.Integer(compute="_compute_qms_quality_order_count")

    def _compute_qms_quality_order_count(self):
        for template in self:
            variants = template.with_context(active_test=False).product_variant_ids
            template.qms_quality_order_count = sum(
                variants.mapped("qms_quality_order_count")
            )

    def action_open_quality_orders(self):
        """Open the quality orders of all variants."""
        variants = self.with_context(active_test=False).product_variant_ids
        return variants.action_open_quality_orders()
