from odoo import fields, models


class MrpWorkorder(models.Model):
    _inherit = "mrp.workorder"

    qms_operator_ids = fields.Many2many(
        "res.users",
        string="Operators",
        compute="_compute_qms_operator_ids",
        # an inspector asks who did it, and need not be allowed to read the times
        compute_sudo=True,
    )

    def _compute_qms_operator_ids(self):
        for workorder in self:
            workorder.qms_operator_ids = workorder.time_ids.user_id
