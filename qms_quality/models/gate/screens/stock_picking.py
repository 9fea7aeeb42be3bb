from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "qms.held.goods.mixin"]

    def _qms_get_held_goods(self):
        """The goods of the lines: where they came to, or else where they are taken."""
        return {
            picking: list(
                dict.fromkeys(
                    goods
                    for line in picking.move_line_ids
                    if (goods := line._qms_get_shown_goods())
                )
            )
            for picking in self
        }

    def _qms_get_picking(self):
        return self if len(self) == 1 else self.browse()

    def _qms_get_no_goods_message(self):
        return self.env._(
            "This transfer has no goods to hold yet. Receive or reserve them first, or"
            " hold the lots themselves."
        )
