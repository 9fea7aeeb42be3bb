from datetime import timedelta

from odoo import api, models

from ..card.qrs_line_find import Demand


class SaleOrderLine(models.Model):
    """What the customer demands of the goods."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "qms.required.mixin"]

    @api.model
    def _qms_get_demand_fields(self):
        return {"product_id", "customer_lead", "order_id", "route_ids"}

    def _qms_get_demand(self):
        order = self.order_id
        if self.display_type or self.product_id.type != "consu":
            return None
        warehouse = self.warehouse_id or order.warehouse_id
        # not Odoo's expected date: on a quotation that is another one each day
        planned = order.commitment_date or (
            order.date_order + timedelta(days=self.customer_lead or 0.0)
        )
        return Demand(
            "sales",
            self.product_id,
            order.partner_id.commercial_partner_id,
            warehouse.lot_stock_id,
            self._qms_get_day(planned, warehouse),
            order.company_id,
            False,
        )

    def _qms_get_required_order(self):
        return self.order_id

    def _qms_get_moved(self):
        # goods that came back don't unlock what they were shipped by
        return self.filtered(
            lambda line: (
                line.qty_delivered
                or any(move.state == "done" for move in line.sudo().move_ids)
            )
        )

    def _qms_is_required_open(self):
        return self.order_id.state != "cancel"
