from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    qms_quality_order_count = fields.Integer(compute="_compute_qms_quality_order_count")

    def _compute_qms_quality_order_count(self):
        lots = self._qms_get_lots()
        orders = self.env["qms.quality.order"].search([("lot_ids", "in", lots.ids)])
        for sale in self:
            own = sale._qms_get_lots()
            sale.qms_quality_order_count = len(
                orders.filtered(lambda order, own=own: order.lot_ids & own)
            )

    def _qms_get_lots(self):
        # sudo: a salesperson need not be allowed to read transfers
        return self.sudo().picking_ids.move_line_ids.lot_id

    def action_open_quality_orders(self):
        """Open the quality orders of the lots that are or will be delivered."""
        return self.env["qms.quality.order"]._get_action(
            [("lot_ids", "in", self._qms_get_lots().ids)], {"create": False}
        )
