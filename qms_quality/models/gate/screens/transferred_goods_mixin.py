from odoo import api, models


class QmsTransferredGoodsMixin(models.AbstractModel):
    """Orders whose goods come and go by transfers: their status, and their holds."""

    _name = "qms.transferred.goods.mixin"
    _description = "Order with Transfers of Goods That Can Be Held"
    _inherit = ["qms.held.goods.mixin", "qms.ordered.goods.mixin"]

    @api.depends("picking_ids.move_line_ids.inspection_status_id")
    def _compute_inspection_status_id(self):
        return super()._compute_inspection_status_id()

    def _qms_get_ordered_lines(self):
        return self.picking_ids.move_line_ids

    def _qms_get_held_goods(self):
        """The goods of the order's transfers, where they came to or are taken."""
        # sudo: a clerk need not be allowed to read the lines of transfers
        goods_by_picking = self.sudo().picking_ids._qms_get_held_goods()
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
