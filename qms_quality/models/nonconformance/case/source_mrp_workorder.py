from odoo import models


class MrpWorkorder(models.Model):
    _name = "mrp.workorder"
    _inherit = ["mrp.workorder", "qms.nonconformance.source.mixin"]

    def _qms_get_case_field(self):
        return "workorder_id"

    def _qms_get_reported_goods(self):
        return self.production_id._qms_get_reported_goods()

    def _qms_prepare_report(self):
        self.ensure_one()
        return {
            **self.production_id._qms_prepare_report(),
            "workorder_id": self.id,
        }
