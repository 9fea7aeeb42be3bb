from odoo import Command

from .common_dairy import DairyCase


class TradeCase(DairyCase):
    """Goods that are bought and sold by orders."""

    def _buy(self, lot_name):
        """Buy milk and receive it as a lot; return the purchase order."""
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "product_qty": 3})
                ],
            }
        )
        order.button_confirm()
        order.picking_ids.move_line_ids.lot_name = lot_name
        order.picking_ids.move_ids.picked = True
        order.picking_ids.with_user(self.clerk).button_validate()
        return order

    def _sell(self, lot):
        """Sell and deliver something of a lot; return the sales order."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {"product_id": lot.product_id.id, "product_uom_qty": 1}
                    )
                ],
            }
        )
        order.action_confirm()
        order.picking_ids.move_line_ids.lot_id = lot
        order.picking_ids.move_ids.picked = True
        order.picking_ids.with_user(self.clerk).button_validate()
        return order
