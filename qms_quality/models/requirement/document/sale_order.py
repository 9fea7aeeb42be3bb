from odoo import models

DEMAND_FIELDS = {
    "partner_id",
    "warehouse_id",
    "commitment_date",
    "date_order",
    "company_id",
}


class SaleOrder(models.Model):
    """What changes on the whole order changes what its lines must meet."""

    _inherit = "sale.order"

    def write(self, vals):
        res = super().write(vals)
        if DEMAND_FIELDS & vals.keys():
            self.order_line._qms_derive_requirements()
        return res
