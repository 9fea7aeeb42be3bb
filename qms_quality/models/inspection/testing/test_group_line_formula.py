from odoo import api, models


class QmsTestGroupLine(models.Model):
    """What is calculated has what it is calculated from in the same test group."""

    _inherit = "qms.test.group.line"

    @api.constrains("test_id", "group_id")
    def _check_formulas(self):
        self.group_id._check_formulas()

    def unlink(self):
        groups = self.group_id
        res = super().unlink()
        groups.exists()._check_formulas()
        return res
