from datetime import timedelta

from odoo import api, models


class SaleOrderLine(models.Model):
    """What the customer demands of the goods."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "qms.required.mixin"]

    _qms_moved_field = "qty_delivered"

    @api.model
    def _qms_get_demand_fields(self):
        return {"product_id", "customer_lead", "order_id", "route_ids"}

    def _qms_get_demand(self):
        order = self.order_id
        warehouse = self.warehouse_id or order.warehouse_id
        # not Odoo's expected date: on a quotation that is another one each day
        planned = order.commitment_date or (
            order.date_order + timedelta(days=self.customer_lead or 0.0)
        )
        return self._qms_prepare_demand(
            "sales", order, warehouse.lot_stock_id, planned, warehouse
        )

    def _qms_is_agreed(self):
        return self.order_id.state == "sale"
