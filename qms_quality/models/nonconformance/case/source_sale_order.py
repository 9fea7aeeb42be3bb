from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "qms.nonconformance.source.mixin"]

    def _qms_get_case_field(self):
        return "sale_id"

    def _qms_get_reported_goods(self):
        # sudo: a salesperson need not be allowed to read transfers
        lines = self.sudo().picking_ids.move_line_ids
        lines = lines.filtered(
            lambda line: (
                line.state == "done" and line.location_dest_id.usage == "customer"
            )
        )
        return lines._qms_get_line_goods()

    def _qms_prepare_report(self):
        self.ensure_one()
        return {
            **super()._qms_prepare_report(),
            "type": "customer",
            "sale_id": self.id,
            "partner_id": self.partner_shipping_id.id or self.partner_id.id,
        }
