from odoo import api, models


class QmsReinspectionPlanLine(models.Model):
    """An interval stays as it is while its timetable does."""

    _inherit = "qms.reinspection.plan.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.plan_id._check_changeable()
        return lines

    def write(self, vals):
        self.check_access("write")
        self.plan_id._check_changeable()
        res = super().write(vals)
        self.plan_id._check_changeable()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_changeable(self):
        self.plan_id._check_changeable()
