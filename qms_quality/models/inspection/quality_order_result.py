from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..sentinel import is_trusted, trusted
from .optional_float import OptionalFloat
from .quality_order import DONE_STATES


class QmsQualityOrderResult(models.Model):
    """One reading: made empty with its order, filled by an inspector, never replaced.

    A correction writes the new value here and the earlier one into the audit trail.
    """

    _name = "qms.quality.order.result"
    _description = "Quality Order Reading"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "order_id"
    _order = "order_id, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "qms.quality.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True
    )
    test_line_id = fields.Many2one(
        "qms.quality.order.test",
        string="Test",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    number = fields.Integer(string="No.", readonly=True, default=1)
    value = OptionalFloat(
        string="Reading",
        aggregator="avg",
        copy=False,
        help="Empty: not measured yet. 0 is a reading.",
    )
    outcome = fields.Selection(
        [("pass", "Pass"), ("fail", "Fail")], string="Judgement", copy=False
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        ondelete="restrict",
        help="The unit of the reading; it is converted to compare it with the limits.",
    )
    note = fields.Char(copy=False)
    is_recorded = fields.Boolean(
        string="Recorded",
        compute="_compute_verdict",
        store=True,
        precompute=True,
        qms_audit=False,
    )
    verdict = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")],
        compute="_compute_verdict",
        store=True,
        precompute=True,
        # the entry of the reading says it
        qms_audit=False,
    )
    recorded_by_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        readonly=True,
        copy=False,
        qms_audit=False,
    )
    recorded_on = fields.Datetime(readonly=True, copy=False, qms_audit=False)
    is_corrected = fields.Boolean(
        string="Corrected",
        readonly=True,
        copy=False,
        qms_audit=False,
        help="The earlier readings are in the audit trail.",
    )
    test_name = fields.Char(related="test_line_id.name", string="Test Name")
    test_id = fields.Many2one(
        related="test_line_id.test_id",
        string="Test Definition",
        store=True,
        precompute=True,
        index=True,
    )
    test_type = fields.Selection(related="test_line_id.test_type")
    decimals = fields.Integer(related="test_line_id.decimals")
    limits = fields.Char(related="test_line_id.limits")
    required = fields.Boolean(related="test_line_id.required")

    _missing_idx = models.Index("(order_id) WHERE is_recorded IS NOT TRUE")

    @api.depends(
        "value",
        "outcome",
        "uom_id",
        "test_line_id.test_type",
        "test_line_id.lower_limit",
        "test_line_id.upper_limit",
        "test_line_id.uom_id",
    )
    def _compute_verdict(self):
        for result in self:
            passed = result._get_passed()
            result.is_recorded = result._is_filled()
            result.verdict = (
                passed is not None and ("passed" if passed else "failed")
            ) or False

    @api.depends("test_line_id", "lot_id", "number")
    def _compute_display_name(self):
        for result in self:
            result.display_name = result._get_label()

    def _get_label(self):
        """Return which reading this is, for people: test, number, serial number."""
        label = self.test_line_id.name or ""
        if self.test_line_id.reading_number > 1:
            label = f"{label} #{self.number}"
        if len(self.order_id.lot_ids) > 1:
            label = f"{label} ({self.lot_id.name})"
        return label

    def _get_value_text(self):
        """Return the reading for people, with its unit; empty where there is none."""
        if not self.is_recorded:
            return ""
        if self.test_type != "quantitative":
            labels = dict(self._fields["outcome"]._description_selection(self.env))
            return labels[self.outcome]
        text = self.test_line_id._format_value(self.value)
        return f"{text} {self.uom_id.name}" if self.uom_id else text

    # -- Readings are filled, not made ------------------------------------------------

    @api.model
    def _get_entry_fields(self):
        """Return the fields that an inspector fills."""
        return {"value", "outcome", "uom_id", "note"}

    @api.model
    def _get_free_fields(self):
        return self._get_entry_fields()

    def write(self, vals):
        """Record or correct readings; the earlier value goes into the audit trail.

        :raise UserError: if an order is validated or cancelled
        """
        if is_trusted(self.env):
            return super().write(vals)
        if set(vals) - self._get_entry_fields():
            self._check_trusted()
        self._check_editable()
        # one language for the trail
        shown = self.with_context(lang="en_US")
        before = {result: result._get_value_text() for result in shown}
        res = super().write(vals)
        self._stamp(before)
        return res

    def _check_editable(self):
        """Refuse to record readings of orders that are done.

        :raise UserError: names the orders
        """
        closed = self - self._filter_enterable()
        closed.order_id._check_editable()

    def _filter_enterable(self):
        """Return the readings that may be recorded or corrected. Extension point."""
        return self.filtered(lambda result: result.order_id.state not in DONE_STATES)

    def _stamp(self, before):
        """Write who recorded what, keep the earlier readings, start the orders.

        :param dict before: the text of each reading as it was
        """
        recorded = self.browse()
        for result, old in before.items():
            if result._get_value_text() != old:
                recorded += result.with_env(self.env)
                result._audit_reading(old)
        now, protected = fields.Datetime.now(), trusted(recorded)
        protected.filtered("is_recorded").write(
            {"recorded_by_id": self.env.uid, "recorded_on": now}
        )
        protected.filtered(lambda result: before[result]).is_corrected = True
        recorded.order_id._record_readings(now)

    def _audit_reading(self, old):
        """Name the entry of a reading, with its unit and verdict.

        :param str old: the reading as it was
        """
        new = self._get_value_text()
        if self.verdict:
            new = f"{new} ({dict(self._fields['verdict'].selection)[self.verdict]})"
        changes = {self._get_value_field(): (old, new)}
        self._audit("correct" if old else "record", changes, reason=self.note)

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "Readings are made with their quality order; only the reading, its"
            " unit and a note can be entered."
        )

    @api.constrains("value")
    def _check_finite(self):
        # JSON lets "NaN" and "Infinity" through
        for result in self:
            if result.value is not False and not isfinite(result.value):
                raise ValidationError(
                    self.env._("%s is not a number.", result.display_name)
                )

    @api.constrains("uom_id", "test_line_id")
    def _check_uom(self):
        for result in self:
            own, of_test = result.uom_id, result.test_line_id.uom_id
            if bool(own) != bool(of_test) or (
                own and not own._has_common_reference(of_test)
            ):
                raise ValidationError(
                    self.env._(
                        "%(reading)s: %(unit)s can't be converted into %(other)s, the"
                        " unit of the limits.",
                        reading=result.display_name,
                        unit=own.name or self.env._("(no unit)"),
                        other=of_test.name or self.env._("(no unit)"),
                    )
                )
