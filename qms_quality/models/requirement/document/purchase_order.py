from odoo import api, models


class PurchaseOrder(models.Model):
    """What changes on the whole order changes what its lines must meet."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "qms.required.order.mixin"]

    @api.model
    def _qms_get_demanding_fields(self):
        return {
            "partner_id",
            "picking_type_id",
            "dest_address_id",
            "date_planned",
            "date_order",
            "company_id",
            "requisition_id",
        }

    def _qms_get_required_lines(self):
        return self.order_line
