from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    qms_quality_order_count = fields.Integer(compute="_compute_qms_quality_order_count")

    def _compute_qms_quality_order_count(self):
        counts = dict(
            self.env["qms.quality.order"]._read_group(
                [("product_id", "in", self.ids)], ["product_id"], ["__count"]
            )
        )
        for product in self:
            product.qms_quality_order_count = counts.get(product._origin, 0)

    def action_open_quality_orders(self):
        """Open the quality orders of these products."""
        return self.env["qms.quality.order"]._get_action(
            [("product_id", "in", self.ids)], {"default_product_id": self[:1].id}
        )
