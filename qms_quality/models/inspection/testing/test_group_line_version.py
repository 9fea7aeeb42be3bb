from odoo import api, models


class QmsTestGroupLine(models.Model):
    """The tests of a version in force stay as they are."""

    _inherit = "qms.test.group.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.group_id._check_draft()
        return lines

    def write(self, vals):
        self.check_access("write")
        self.group_id._check_draft()
        res = super().write(vals)
        self.group_id._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_of_draft_only(self):
        self.group_id._check_draft()
