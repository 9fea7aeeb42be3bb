from odoo import models

DEMAND_FIELDS = {
    "partner_id",
    "warehouse_id",
    "commitment_date",
    "date_order",
    "company_id",
    "qms_blanket_id",
}


class SaleOrder(models.Model):
    """What changes on the whole order changes what its lines must meet."""

    _name = "sale.order"
    _inherit = ["sale.order", "qms.required.order.mixin"]

    def write(self, vals):
        res = super().write(vals)
        if DEMAND_FIELDS & vals.keys():
            self.order_line._qms_derive_requirements()
        return res

    def unlink(self):
        # the database deletes the lines, without their unlink
        self.env["qms.qrs.document.line"]._forget(self.order_line)
        return super().unlink()

    def _qms_get_order_requirements(self):
        return self._qms_collect_requirements(
            {order: [order.order_line] for order in self.sudo()}
        )
