from odoo import models

DEMAND_FIELDS = {
    "partner_id",
    "picking_type_id",
    "dest_address_id",
    "date_planned",
    "date_order",
    "company_id",
    "requisition_id",
}


class PurchaseOrder(models.Model):
    """What changes on the whole order changes what its lines must meet."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "qms.required.order.mixin"]

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
