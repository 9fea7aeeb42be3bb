from odoo import api, models

from ..card.qrs_line_find import Demand


class PurchaseOrderLine(models.Model):
    """What the vendor's goods must meet."""

    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "qms.required.mixin"]

    @api.model
    def _qms_get_demand_fields(self):
        # another quantity can be another vendor's price, and so another lead time
        return {
            "product_id",
            "date_planned",
            "order_id",
            "product_qty",
            "product_uom_id",
        }

    def _qms_get_demand(self):
        order = self.order_id
        if self.display_type or self.product_id.type != "consu":
            return None
        return Demand(
            "purchase",
            self.product_id,
            order.partner_id.commercial_partner_id,
            order._get_final_location_record(),
            self._qms_get_day(
                self.date_planned or order.date_planned or order.date_order,
                order.picking_type_id.warehouse_id,
            ),
            order.company_id,
            False,
        )

    def _qms_get_required_order(self):
        return self.order_id

    def _qms_get_moved(self):
        # goods that went back don't unlock what they were received by
        return self.filtered(
            lambda line: (
                line.qty_received
                or any(move.state == "done" for move in line.sudo().move_ids)
            )
        )

    def _qms_is_required_open(self):
        return self.order_id.state != "cancel"

    def _qms_get_requirement_sources(self):
        """Orders of a purchase agreement take its requirements, changes included."""
        orders = self.order_id
        if "requisition_id" not in orders._fields or not orders.requisition_id:
            return {}
        lines = orders.requisition_id.line_ids
        copies = self.env["qms.qrs.document.line"]._get_copies(lines)
        by_product = {}
        for line, copy in copies.items():
            by_product.setdefault((line.requisition_id, line.product_id), copy)
        return {
            line: by_product[key]
            for line in self
            if (key := (line.order_id.requisition_id, line.product_id)) in by_product
        }
