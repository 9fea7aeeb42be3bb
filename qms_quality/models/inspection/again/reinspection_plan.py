from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QmsReinspectionPlan(models.Model):
    """A timetable: after which intervals lots in stock are inspected again.

    The first line leads to the first inspection again, the second line to the second;
    the last line goes on for ever.
    """

    _name = "qms.reinspection.plan"
    _description = "Timetable of Inspections"
    _inherit = ["qms.audit.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    line_ids = fields.One2many(
        "qms.reinspection.plan.line", "plan_id", string="Intervals", copy=True
    )
    late_hold = fields.Boolean(
        string="Hold Late Lots",
        help="A lot whose inspection was not finished in time is put under inspection,"
        " until it has passed.",
    )
    late_days = fields.Integer(
        string="Late after (Days)",
        help="How long after its date an inspection is late; 0 is at once.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: all companies.",
    )

    _late_days_check = models.Constraint(
        "CHECK(late_days >= 0)", "An inspection can't be late before its date."
    )

    @api.constrains("line_ids")
    def _check_lines(self):
        empty = self.filtered(lambda plan: not plan.line_ids)
        if empty:
            raise ValidationError(
                self.env._(
                    "%s: a timetable needs at least one interval.",
                    ", ".join(empty.mapped("name")),
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", plan.name))
            for plan, vals in zip(self, vals_list, strict=True)
        ]
