from math import isclose

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..optional_float import OptionalFloat


class QmsTestGroupLine(models.Model):
    """When a line counts, and its tolerance around the target."""

    _inherit = "qms.test.group.line"

    tolerance = OptionalFloat(
        string="Tolerance (%)",
        aggregator=None,
        compute="_compute_tolerance",
        inverse="_inverse_tolerance",
        store=True,
        readonly=False,
        help="The limits, in percent of the target. Empty where they aren't equally"
        " far from it.",
    )
    date_from = fields.Date(string="Effective from", help="Empty: ever since.")
    date_to = fields.Date(string="Effective until", help="Empty: until further notice.")
    defect_class = fields.Selection(related="test_id.defect_class")
    variable_id = fields.Many2one(related="test_id.variable_id")

    _dates_check = models.Constraint(
        "CHECK(date_to >= date_from)", "A test can't end before it starts."
    )

    @api.depends("target", "lower_limit", "upper_limit")
    def _compute_tolerance(self):
        for line in self:
            line.tolerance = line._get_tolerance()

    def _get_tolerance(self):
        """Return how far both limits are from the target in percent, or ``False``."""
        target, lower, upper = self.target, self.lower_limit, self.upper_limit
        if not target or lower is False or upper is False:
            return False
        below, above = target - lower, upper - target
        if not isclose(below, above, rel_tol=1e-6, abs_tol=1e-9):
            return False
        return round(100 * above / abs(target), 6)

    def _inverse_tolerance(self):
        for line in self.filtered(lambda line: line.tolerance is not False):
            line._check_tolerance()
            line.update(line._prepare_limits())

    def _check_tolerance(self):
        if not self.target or self.tolerance < 0:
            raise ValidationError(
                self.env._(
                    "%s: a tolerance needs a target other than 0, and can't be"
                    " negative. Set the limits instead.",
                    self.test_id.display_name,
                )
            )

    def _prepare_limits(self):
        """Return the limits that the tolerance stands for."""
        margin = abs(self.target) * self.tolerance / 100
        return {
            "lower_limit": round(self.target - margin, 9),
            "upper_limit": round(self.target + margin, 9),
        }

    @api.onchange("tolerance")
    def _onchange_tolerance(self):
        if self.tolerance is not False and self.target and self.tolerance >= 0:
            self.update(self._prepare_limits())

    def _filter_effective(self, date):
        """Return the lines that count on a day."""
        return self.filtered(
            lambda line: (
                (not line.date_from or line.date_from <= date)
                and (not line.date_to or line.date_to >= date)
            )
        )

    def _prepare_order_test_values(self, spec):
        values = super()._prepare_order_test_values(spec)
        test = self.test_id
        values.update(
            code=test.code,
            laboratory_id=self.laboratory_id.id,
            variable_id=test.variable_id.id,
            defect_class=test.defect_class,
            whole_number=test.whole_number,
            formula=test.formula,
        )
        if test.test_type == "calculated":
            values.update(reading_number=1, determination="every", destroyed_quantity=0)
        elif values["reading_number"] == 1:
            values["determination"] = "every"
        return values
