from odoo import models


class QmsQualityOrderSpec(models.Model):
    """Only versions in force are copied onto orders."""

    _inherit = "qms.quality.order.spec"

    def _prepare_snapshot_values(self, vals):
        self.env["qms.test.group"].browse(vals["test_group_id"])._check_in_force()
        return super()._prepare_snapshot_values(vals)
