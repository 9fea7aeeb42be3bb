from odoo import api, fields, models

CONFIRMED = ("to approve", "purchase")


class PurchaseOrder(models.Model):
    """Nothing is ordered of a supplier that is blocked for it."""

    _inherit = "purchase.order"

    qms_block_text = fields.Text(compute="_compute_qms_block_text")

    @api.depends("state", "partner_id", "order_line.product_id")
    def _compute_qms_block_text(self):
        orders = self.filtered(lambda order: order.state in ("draft", "sent"))
        blocks = self.env["qms.supplier.block"]
        for order in self:
            texts = order in orders and blocks._get_refusals(order.order_line)
            order.qms_block_text = "\n".join(texts or []) or False

    # a constraint: whatever way an order is confirmed, here it passes
    @api.constrains("state", "partner_id")
    def _qms_check_blocks(self):
        confirmed = self.filtered(lambda order: order.state in CONFIRMED)
        confirmed.order_line._qms_refuse_blocked()
