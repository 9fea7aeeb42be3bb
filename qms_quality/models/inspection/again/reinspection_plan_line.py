from odoo import api, fields, models


class QmsReinspectionPlanLine(models.Model):
    """The interval that leads to one inspection again."""

    _name = "qms.reinspection.plan.line"
    _description = "Interval of a Timetable"
    _inherit = ["qms.audit.mixin"]
    _qms_audit_whole = "plan_id"
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one(
        "qms.reinspection.plan",
        string="Timetable",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    days = fields.Integer(
        help="Days of the calendar where the goods are: the hour of the day stays, also"
        " when the clocks change."
    )
    hours = fields.Integer()
    minutes = fields.Integer()

    _interval_check = models.Constraint(
        "CHECK(days >= 0 AND hours >= 0 AND minutes >= 0"
        " AND days + hours + minutes > 0)",
        "An interval needs days, hours or minutes, and none of them can be negative.",
    )

    @api.depends("days", "hours", "minutes")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "%(days)s d %(hours)s h %(minutes)s min",
                days=line.days,
                hours=line.hours,
                minutes=line.minutes,
            )
