from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from ...number_text import format_number
from ..test_kinds import NUMERIC, VALUE_FIELDS

_DECIMALS_OF_COUNT = 1e-9


class QmsQualityOrderResult(models.Model):
    """Readings of all types, and the value that stands for several."""

    _inherit = "qms.quality.order.result"

    outcome_id = fields.Many2one(
        "qms.test.outcome",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    text_value = fields.Char(string="Text", copy=False)
    date_value = fields.Date(string="Date", copy=False)
    picture = fields.Image(max_width=1920, max_height=1920, copy=False)
    problem = fields.Char(
        readonly=True, copy=False, help="Why there is no calculated value."
    )
    is_final = fields.Boolean(
        string="Stands for All Readings", readonly=True, copy=False
    )
    is_automatic = fields.Boolean(
        string="Worked Out",
        compute="_compute_is_automatic",
        store=True,
        precompute=True,
        qms_audit=False,
    )
    is_warning = fields.Boolean(
        string="Near the Limit",
        compute="_compute_verdict",
        store=True,
        precompute=True,
        qms_audit=False,
        help="Within the limits, but outside the warning limits.",
    )
    choices = fields.Json(compute="_compute_choices")
    laboratory = fields.Selection(related="test_line_id.laboratory")

    @api.depends("is_final", "test_line_id.test_type", "test_line_id.determination")
    def _compute_is_automatic(self):
        for result in self:
            result.is_automatic = (
                result.is_final and result.test_line_id._is_automatic()
            )

    @api.depends(
        "outcome_id",
        "text_value",
        "date_value",
        "picture",
        "problem",
        "is_final",
        "test_line_id.determination",
        "test_line_id.acceptable_number",
        "test_line_id.lower_warning",
        "test_line_id.upper_warning",
    )
    def _compute_verdict(self):
        res = super()._compute_verdict()
        for result in self:
            result.is_warning = (
                result.verdict == "passed"
                and result.test_type in ("quantitative", "calculated")
                and result.test_line_id._is_outside_warning(result.value, result.uom_id)
            )
        return res

    @api.depends("test_line_id.variable_id")
    def _compute_choices(self):
        for result in self:
            outcomes = result.test_line_id.variable_id.outcome_ids
            result.choices = [[one.id, one.name, one.verdict] for one in outcomes]

    # -- Verdict -----------------------------------------------------------------------

    def _get_value_field(self):
        """Return the name of the field that holds what was read."""
        return VALUE_FIELDS.get(self.test_line_id.test_type, "outcome")

    def _is_filled(self):
        if self.problem:
            return True
        value = self[self._get_value_field()]
        # a reading of 0 equals False
        return value is not False if self._is_numeric() else bool(value)

    def _is_numeric(self):
        return self.test_line_id.test_type in NUMERIC

    def _is_deciding(self):
        """Tell whether the verdict of the test comes from this reading."""
        return self.is_final or not self.test_line_id._has_final()

    def _get_passed(self):
        if not self._is_filled() or not self._is_deciding():
            return None
        return not self.problem and self._passes()

    def _passes(self):
        """Tell whether what was read passes."""
        test = self.test_line_id
        if test.test_type in ("quantitative", "calculated"):
            return test._is_within_limits(self.value, self.uom_id)
        if test.test_type == "attribute":
            return self.value <= test.acceptable_number
        if test.test_type == "qualitative":
            return self.outcome_id.verdict == "passed"
        # texts, dates and pictures pass by being there
        return test.test_type != "pass_fail" or self.outcome == "pass"

    # -- For people --------------------------------------------------------------------

    def _get_label(self):
        label = super()._get_label()
        test = self.test_line_id
        if not self.is_final or test.test_type == "calculated":
            return label
        field = test._fields["determination"]
        labels = dict(field._description_selection(self.env))
        word = labels.get(test.determination, "").lower()
        return label.replace(f"{test.name} #0", f"{test.name}, {word}", 1)

    def _get_value_text(self):
        if not self.is_recorded:
            return ""
        if self.problem:
            return self.problem
        kind = self.test_line_id.test_type
        if kind in ("qualitative", "text"):
            return self.outcome_id.name or self.text_value
        if kind == "date":
            return fields.Date.to_string(self.date_value)
        if kind == "picture":
            # another picture is another text
            checksum = sha256(self.with_context(bin_size=False).picture).hexdigest()
            return self.env._("Picture %s", checksum[:8])
        if kind == "attribute":
            return format_number(self.env, self.value)
        if self.is_automatic:
            text = formatLang(self.env, self.value, digits=self.decimals + 1)
            return f"{text} {self.uom_id.name}" if self.uom_id else text
        return super()._get_value_text()

    @api.model
    def _get_signed_fields(self):
        return [
            *super()._get_signed_fields(),
            "outcome_id",
            "text_value",
            "date_value",
            "picture",
            "problem",
            "is_final",
        ]

    @api.model
    def _get_signed_limits(self):
        return [
            *super()._get_signed_limits(),
            *self.env["qms.quality.order.test"]._get_specified_fields(),
            "variable_id",
            "formula",
        ]

    # -- Entering ----------------------------------------------------------------------

    @api.model
    def _get_entry_fields(self):
        return super()._get_entry_fields() | set(VALUE_FIELDS.values())

    @api.constrains(*sorted(set(VALUE_FIELDS.values()) - {"picture"}), "test_line_id")
    def _check_kind(self):
        # a picture is read from the filestore one by one
        names = set(VALUE_FIELDS.values()) - {"picture"}
        for result in self:
            for name in names - {result._get_value_field()}:
                if result[name] if name != "value" else result.value is not False:
                    result._refuse_kind()
            result._check_choice()
            result._check_whole_number()

    @api.constrains("picture")
    def _check_picture_kind(self):
        for result in self:
            if result.test_type != "picture" and result.picture:
                result._refuse_kind()

    def _refuse_kind(self):
        raise ValidationError(
            self.env._(
                "%(reading)s takes %(what)s.",
                reading=self.display_name,
                what=self._get_expected_text(),
            )
        )

    def _get_expected_text(self):
        texts = {
            "quantitative": self.env._("a number"),
            "calculated": self.env._("a number"),
            "attribute": self.env._("the number of defects"),
            "qualitative": self.env._("one of its outcomes"),
            "pass_fail": self.env._("Pass or Fail"),
            "text": self.env._("a text"),
            "date": self.env._("a date"),
            "picture": self.env._("a picture"),
        }
        return texts[self.test_line_id.test_type]

    def _check_choice(self):
        variable = self.test_line_id.variable_id
        if self.outcome_id and self.outcome_id.variable_id != variable:
            raise ValidationError(
                self.env._(
                    "%(outcome)s is no outcome of %(reading)s. Choose one of: %(all)s.",
                    outcome=self.outcome_id.name,
                    reading=self.display_name,
                    all=", ".join(variable.outcome_ids.mapped("name")),
                )
            )

    def _check_whole_number(self):
        test, value = self.test_line_id, self.value
        is_count = test.test_type == "attribute"
        if value is False or self.is_automatic:
            return
        if (is_count or test.whole_number) and abs(value - round(value)) > (
            _DECIMALS_OF_COUNT
        ):
            raise ValidationError(
                self.env._("%s takes a whole number.", self.display_name)
            )
        if is_count and value < 0:
            raise ValidationError(
                self.env._("%s: defects can't be negative.", self.display_name)
            )

    def write(self, vals):
        if vals.keys() & self._get_entry_fields() - {"note"}:
            self._check_entered()
        return super().write(vals)

    def _check_entered(self):
        """Refuse readings by hand of what is worked out.

        :raise UserError: names the readings
        """
        self.filtered("is_automatic")._refuse_entry()
