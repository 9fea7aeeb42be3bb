from odoo import models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = [
        "purchase.order",
        "qms.held.goods.mixin",
        "qms.ordered.goods.mixin",
    ]

    def _qms_get_held_goods(self):
        """The goods of the order's receipts, where they came to."""
        # sudo: a buyer need not be allowed to read the lines of transfers
        orders = self.sudo()
        goods_by_picking = orders.picking_ids._qms_get_held_goods()
        return {
            order: list(
                dict.fromkeys(
                    goods
                    for picking in order.sudo().picking_ids
                    for goods in goods_by_picking[picking]
                )
            )
            for order in self
        }
