from odoo import fields, models
from odoo.fields import Domain


class StockPicking(models.Model):
    _inherit = "stock.picking"

    qms_quality_order_count = fields.Integer(compute="_compute_qms_quality_order_count")

    def _compute_qms_quality_order_count(self):
        orders = self.env["qms.quality.order"].search(self._qms_get_order_domain())
        for picking in self:
            picking.qms_quality_order_count = len(
                orders.filtered(
                    lambda order, picking=picking: (
                        order.picking_id == picking
                        or order.lot_ids & picking.move_line_ids.lot_id
                    )
                )
            )

    def _qms_get_order_domain(self):
        """Return the domain of the quality orders that these transfers made, or that
        are about the lots they move."""
        return Domain("picking_id", "in", self.ids) | Domain(
            "lot_ids", "in", self.move_line_ids.lot_id.ids
        )

    def action_open_quality_orders(self):
        """Open the quality orders of these transfers and of their lots."""
        return self.env["qms.quality.order"]._get_action(
            list(self._qms_get_order_domain())
        )

    def action_new_quality_order(self):
        """Open a new quality order for goods of this transfer."""
        self.ensure_one()
        products = self.move_ids.product_id
        lots = self.move_line_ids.lot_id
        single = products if len(products) == 1 else products.browse()
        return self.env["qms.quality.order"]._get_new_action(
            {
                "default_picking_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_location_id": self.location_dest_id.id,
                "default_product_id": single.id,
                "default_lot_ids": lots.ids if single and len(lots) == 1 else [],
                "default_company_id": self.company_id.id,
            }
        )
