from math import isclose

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..number_text import format_number
from .optional_float import OptionalFloat


class QmsTestLimitsMixin(models.AbstractModel):
    """A test with its limits: on a test group, and copied onto a quality order."""

    _name = "qms.test.limits.mixin"
    _description = "Test with Limits"

    sequence = fields.Integer(default=10)
    test_id = fields.Many2one(
        "qms.test", required=True, index=True, ondelete="restrict", check_company=True
    )
    uom_id = fields.Many2one("uom.uom", string="Unit", ondelete="restrict")
    decimals = fields.Integer()
    target = OptionalFloat(aggregator=None)
    lower_limit = OptionalFloat(aggregator=None, help="Empty: no lower limit.")
    upper_limit = OptionalFloat(aggregator=None, help="Empty: no upper limit.")
    required = fields.Boolean(
        default=True,
        help="All readings of a required test must be there and pass.",
    )
    reading_number = fields.Integer(
        string="Number of Readings",
        default=1,
        help="How many readings to take, of each lot or serial number.",
    )
    limits = fields.Char(compute="_compute_limits")

    _reading_number_check = models.Constraint(
        "CHECK(reading_number BETWEEN 1 AND 1000)",
        "A test takes between 1 and 1,000 readings.",
    )

    @api.depends(
        "test_type", "target", "lower_limit", "upper_limit", "uom_id", "decimals"
    )
    @api.depends_context("lang")
    def _compute_limits(self):
        for record in self:
            record.limits = record._get_limits_text()

    def _get_limits_text(self):
        """Return what passes, for people: ``3.50 – 4.50 %`` or ``≥ 3.50 %``."""
        if self.test_type != "quantitative":
            return self.env._("Pass")
        return self._get_range_text()

    def _get_range_text(self):
        lower, upper = self.lower_limit, self.upper_limit
        if lower is False and upper is False:
            return self.env._("Any value")
        if upper is False:
            text = f"≥ {self._format_value(lower)}"
        elif lower is False:
            text = f"≤ {self._format_value(upper)}"
        else:
            text = f"{self._format_value(lower)} – {self._format_value(upper)}"
        return f"{text} {self.uom_id.name}" if self.uom_id else text

    def _format_value(self, value):
        """Return a number with the test's decimals, more where it has more."""
        return format_number(self.env, value, least=self.decimals)

    @api.constrains("lower_limit", "upper_limit", "target")
    def _check_limits(self):
        for record in self:
            known = [
                value
                for value in (record.lower_limit, record.target, record.upper_limit)
                if value is not False
            ]
            if known != sorted(known):
                raise ValidationError(
                    self.env._(
                        "%(test)s: the lower limit, the target and the upper limit must"
                        " rise in this order.",
                        test=record.test_id.display_name,
                    )
                )

    @api.constrains("uom_id", "test_id")
    def _check_uom(self):
        for record in self:
            own, of_test = record.uom_id, record.test_id.uom_id
            if bool(own) != bool(of_test) or (
                own and not own._has_common_reference(of_test)
            ):
                raise ValidationError(
                    self.env._(
                        "%(test)s: the unit %(unit)s can't be converted into the"
                        " test's unit %(other)s.",
                        test=record.test_id.display_name,
                        unit=own.name or self.env._("(none)"),
                        other=of_test.name or self.env._("(none)"),
                    )
                )

    def _is_within_limits(self, value, uom):
        """Tell whether a measured value passes.

        :param float value: as read
        :param uom: ``uom.uom`` that it was read in; converted from this very record,
            since a conversion from an empty one returns the figure unchanged
        """
        return self._is_between(
            self._convert(value, uom), self.lower_limit, self.upper_limit
        )

    def _convert(self, value, uom):
        """Return a value that was read in ``uom``, in the unit of the limits."""
        if uom and uom != self.uom_id:
            return uom._compute_quantity(value, self.uom_id, round=False)
        return value

    def _is_between(self, value, lower, upper):
        # a conversion leaves noise: 4100 g are 4.1000000000000005 kg
        return (
            lower is False or value >= lower or isclose(value, lower, rel_tol=1e-9)
        ) and (upper is False or value <= upper or isclose(value, upper, rel_tol=1e-9))
