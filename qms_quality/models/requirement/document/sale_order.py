from odoo import api, models


class SaleOrder(models.Model):
    """What changes on the whole order changes what its lines must meet."""

    _name = "sale.order"
    _inherit = ["sale.order", "qms.required.order.mixin"]

    @api.model
    def _qms_get_demanding_fields(self):
        return {
            "partner_id",
            "warehouse_id",
            "commitment_date",
            "date_order",
            "company_id",
            "qms_blanket_id",
        }

    def _qms_get_required_lines(self):
        return self.order_line
