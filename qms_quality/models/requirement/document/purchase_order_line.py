from odoo import api, models


class PurchaseOrderLine(models.Model):
    """What the vendor's goods must meet."""

    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "qms.required.mixin"]

    _qms_moved_field = "qty_received"

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
        return self._qms_prepare_demand(
            "purchase",
            order,
            order._get_final_location_record(),
            self.date_planned or order.date_planned or order.date_order,
            order.picking_type_id.warehouse_id,
        )

    def _qms_is_agreed(self):
        return self.order_id.state == "purchase"

    def _qms_get_requirement_sources(self):
        """Orders of a purchase agreement take its requirements, changes included."""
        orders = self.order_id
        if "requisition_id" not in orders._fields or not orders.requisition_id:
            return {}
        lines = orders.requisition_id.line_ids
        return self._qms_match_sources(lines, "requisition_id")
