from odoo import fields, models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    qms_quality_order_count = fields.Integer(compute="_compute_qms_quality_order_count")

    def _compute_qms_quality_order_count(self):
        counts = dict(
            self.env["qms.quality.order"]._read_group(
                [("purchase_id", "in", self.ids)], ["purchase_id"], ["__count"]
            )
        )
        for purchase in self:
            purchase.qms_quality_order_count = counts.get(purchase._origin, 0)

    def action_open_quality_orders(self):
        """Open the quality orders of what these purchases brought."""
        return self.env["qms.quality.order"]._get_action(
            [("purchase_id", "in", self.ids)], {"create": False}
        )
