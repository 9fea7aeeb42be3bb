from odoo import models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "qms.nonconformance.source.mixin"]

    def _qms_get_case_field(self):
        return "purchase_id"

    def _qms_get_reported_goods(self):
        # sudo: a buyer need not be allowed to read the lines of transfers
        lines = self.sudo().picking_ids.move_line_ids
        return lines.filtered(lambda line: line.state == "done")._qms_get_line_goods()

    def _qms_prepare_report(self):
        self.ensure_one()
        return {
            **super()._qms_prepare_report(),
            "type": "supplier",
            "purchase_id": self.id,
            "partner_id": self.partner_id.id,
        }
