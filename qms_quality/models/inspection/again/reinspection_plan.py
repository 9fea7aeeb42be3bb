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

    def _get_line(self, number):
        """Return the interval before the inspection of a number, the first being 1."""
        return self.line_ids[min(number, len(self.line_ids)) - 1]

    def _get_next(self, date, number, zone):
        """Return the date of an inspection, counted from the one before it.

        :param datetime date: of the one before it
        :param int number: of the inspection, the first being 1
        :param zone: time zone in which days are counted
        """
        self.ensure_one()
        return self._get_line(number)._add(date, zone)

    def _get_next_since(self, start, number, zone, after):
        """Return number and date of the first inspection after a moment.

        The intervals are added up: the third inspection is after the first three.

        :param datetime start: what the first interval is counted from
        :param int number: the lowest number that the inspection can have
        :param zone: time zone in which days are counted
        :param datetime after: the moment; what was due before it is left out
        """
        self.ensure_one()
        date, reached = start, 0
        while reached < number or date <= after:
            line, steps = self._get_line(reached + 1), 1
            if reached + 1 >= max(number, len(self.line_ids)):
                # years of short intervals in one step
                steps = max((after - date) // line._get_length(), 1)
            date = line._add(date, zone, steps)
            reached += steps
        return reached, date
