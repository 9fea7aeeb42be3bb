from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..optional_float import OptionalFloat
from ..test_kinds import DETERMINATIONS, NUMERIC


class QmsTestLimitsMixin(models.AbstractModel):
    """What a test group says about a test, besides its specification limits."""

    _inherit = "qms.test.limits.mixin"

    lower_warning = OptionalFloat(
        string="Lower Warning Limit",
        aggregator=None,
        help="A reading below passes, and is marked. Empty: none.",
    )
    upper_warning = OptionalFloat(
        string="Upper Warning Limit",
        aggregator=None,
        help="A reading above passes, and is marked. Empty: none.",
    )
    acceptable_number = fields.Integer(
        help="As many defects pass; one more fails.",
    )
    laboratory = fields.Selection(
        [("internal", "Internal"), ("external", "External")],
        compute="_compute_laboratory",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Who does the test: your own laboratory, or one outside.",
    )
    laboratory_id = fields.Many2one(
        "qms.laboratory",
        string="Laboratory Name",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Which laboratory. Orders are due when it needs to be ready at the"
        " earliest.",
    )
    determination = fields.Selection(
        DETERMINATIONS,
        string="Value from Readings",
        required=True,
        default="every",
        help="How several readings are judged.\n"
        "Every reading: each has to pass.\n"
        "Average, Minimum, Maximum: one value is worked out, and judged.\n"
        "Manual: the inspector enters the value that counts.",
    )
    action_on_failure = fields.Selection(
        [("fail", "Fail"), ("accept", "Accept")],
        string="Action on Failure",
        required=True,
        default="fail",
        help="Fail: the goods fail with this test.\n"
        "Accept: the failure is recorded, and decides nothing.",
    )
    on_certificate = fields.Boolean(
        default=True,
        help="Printed on the certificate of analysis.",
    )
    destroyed_quantity = fields.Float(
        digits="Product Unit",
        help="How much of the product each reading uses up, in the product's unit. It"
        " is taken from stock when the order is validated, whatever the verdict.",
    )

    _acceptable_number_check = models.Constraint(
        "CHECK(acceptable_number >= 0)", "The acceptable number can't be negative."
    )
    _destroyed_quantity_check = models.Constraint(
        "CHECK(destroyed_quantity >= 0)", "A test can't destroy less than nothing."
    )

    @api.model
    def _get_specified_fields(self):
        """Return the fields that an order copies besides those of the limits."""
        return [
            "lower_warning",
            "upper_warning",
            "acceptable_number",
            "laboratory",
            "determination",
            "action_on_failure",
            "on_certificate",
            "destroyed_quantity",
        ]

    @api.depends("laboratory_id")
    def _compute_laboratory(self):
        for record in self:
            # a copy on an order keeps what it was copied with
            kind = record.laboratory_id.kind
            record.laboratory = kind or record.laboratory or "internal"

    @api.depends("acceptable_number", "test_id")
    def _compute_limits(self):
        return super()._compute_limits()

    def _get_limits_text(self):
        if self.test_type == "calculated":
            return self._get_range_text()
        texts = {
            "qualitative": self._get_passing_text,
            "attribute": lambda: self.env._(
                "at most %(count)s %(defects)s",
                count=self.acceptable_number,
                defects=self._get_class_text(),
            ),
            "text": lambda: self.env._("Recorded"),
            "date": lambda: self.env._("Recorded"),
            "picture": lambda: self.env._("Recorded"),
        }
        if self.test_type in texts:
            return texts[self.test_type]()
        return super()._get_limits_text()

    def _get_passing_text(self):
        outcomes = self.test_id.variable_id.outcome_ids
        passing = outcomes.filtered(lambda outcome: outcome.verdict == "passed")
        return ", ".join(passing.mapped("name"))

    def _get_class_text(self):
        field = self.env["qms.test"]._fields["defect_class"]
        labels = dict(field._description_selection(self.env))
        return labels.get(self.test_id.defect_class, "").lower()

    @api.constrains("determination", "test_id")
    def _check_determination(self):
        for record in self:
            if record.determination not in ("every", "manual") and (
                record.test_type not in NUMERIC
            ):
                labels = dict(DETERMINATIONS)
                raise ValidationError(
                    self.env._(
                        "%(test)s has no numbers, so there is no %(determination)s of"
                        " its readings. Choose Every reading or Manual.",
                        test=record.test_id.display_name,
                        determination=labels[record.determination].lower(),
                    )
                )

    @api.constrains(
        "lower_limit", "lower_warning", "target", "upper_warning", "upper_limit"
    )
    def _check_warning_limits(self):
        for record in self:
            rising = (
                record.lower_limit,
                record.lower_warning,
                record.target,
                record.upper_warning,
                record.upper_limit,
            )
            known = [value for value in rising if value is not False]
            if known != sorted(known):
                raise ValidationError(
                    self.env._(
                        "%(test)s: lower limit, lower warning limit, target, upper"
                        " warning limit and upper limit must rise in this order.",
                        test=record.test_id.display_name,
                    )
                )

    def _is_outside_warning(self, value, uom):
        """Tell whether a value within the limits is near one of them.

        :param float value: as read
        :param uom: ``uom.uom`` that it was read in
        """
        return not self._is_between(
            self._convert(value, uom), self.lower_warning, self.upper_warning
        )
