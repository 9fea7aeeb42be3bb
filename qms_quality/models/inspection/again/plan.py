from odoo import fields, models


class QmsQualityPlan(models.Model):
    """The timetables of a plan."""

    _inherit = "qms.quality.plan"

    timetable_ids = fields.One2many(
        "qms.quality.plan.warehouse", "plan_id", string="Timetables", copy=True
    )
