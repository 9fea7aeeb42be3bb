from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...evidence.content import ContentLine, raw_value
from ...number_text import format_number
from ...sentinel import is_trusted
from ..optional_float import OptionalFloat
from . import z14
from .sampling_plan_z14 import CLASSES, SEVERITIES


class QmsQualityOrderDefect(models.Model):
    """The defects of one class on a quality order, and the numbers they are held
    against: a copy of the tables as they were asked for this lot."""

    _name = "qms.quality.order.defect"
    _description = "Defects Found"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "order_id"
    _order = "order_id, defect_class, id"

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
    order_state = fields.Selection(related="order_id.state")
    defect_class = fields.Selection(
        CLASSES, string="Class", required=True, readonly=True
    )
    severity_id = fields.Many2one(
        "qms.sampling.severity",
        string="History",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    severity = fields.Selection(SEVERITIES, required=True, readonly=True)
    aql = fields.Char(string="AQL", readonly=True)
    count_as = fields.Selection(
        [("units", "Defective units"), ("defects", "Defects")], readonly=True
    )
    letter = fields.Char(string="Code Letter", readonly=True)
    plan_letter = fields.Char(
        readonly=True, help="Where the arrows of the table led to."
    )
    size1 = fields.Integer(string="Sample", readonly=True)
    accept1 = fields.Integer(string="Ac", readonly=True)
    reject1 = fields.Integer(string="Re", readonly=True)
    is_double = fields.Boolean(readonly=True)
    size2 = fields.Integer(string="Second Sample", readonly=True)
    accept2 = fields.Integer(string="Ac, both", readonly=True)
    reject2 = fields.Integer(string="Re, both", readonly=True)
    found1 = OptionalFloat(
        string="Found",
        copy=False,
        help="Empty: not counted yet. 0 is a count.",
    )
    found2 = OptionalFloat(
        string="Found in the Second",
        copy=False,
        help="In the second sample alone.",
    )
    # how the entry field shows the counts
    decimals = fields.Integer(compute="_compute_decimals")
    verdict = fields.Selection(
        [("passed", "Accept"), ("failed", "Reject")],
        compute="_compute_verdict",
        store=True,
        precompute=True,
    )
    is_gap = fields.Boolean(
        string="Between Ac and Re",
        compute="_compute_verdict",
        store=True,
        precompute=True,
    )
    needs_second = fields.Boolean(
        string="Second Sample Needed",
        compute="_compute_verdict",
        store=True,
        precompute=True,
    )
    instruction = fields.Char(compute="_compute_instruction", string="To Do")

    _class_uniq = models.Constraint(
        "unique(order_id, defect_class)",
        "A quality order counts each class of defects once.",
    )

    @api.depends("found1", "found2", "size1", "size2")
    def _compute_verdict(self):
        for defect in self:
            stages, counts = defect._get_stages(), defect._get_counts()
            answer = z14.judge(stages, counts)
            verdicts = {"passed": "passed", "gap": "passed", "failed": "failed"}
            defect.verdict = verdicts.get(answer, False)
            defect.is_gap = answer == "gap"
            defect.needs_second = z14.judge(stages, counts[:1]) == "more"

    def _compute_decimals(self):
        self.decimals = 0

    @api.depends_context("lang")
    @api.depends("size1", "accept1", "reject1", "size2", "accept2", "reject2")
    def _compute_instruction(self):
        plans = self.env["qms.sampling.plan"]
        for defect in self:
            text = plans._get_stages_text(defect._get_stages())
            defect.instruction = text[:1].upper() + text[1:]

    @api.depends("defect_class", "order_id")
    def _compute_display_name(self):
        labels = dict(self._fields["defect_class"]._description_selection(self.env))
        for defect in self:
            defect.display_name = labels.get(defect.defect_class, "")

    def _get_stages(self):
        """Return the samples with their numbers, as the tables have them."""
        self.ensure_one()
        stages = [z14.Stage(self.size1, self.accept1, self.reject1)]
        if self.is_double:
            stages.append(z14.Stage(self.size2, self.accept2, self.reject2))
        return stages

    def _get_sizes(self):
        return [stage.size for stage in self._get_stages()]

    def _get_counts(self):
        """Return the counts entered so far, one for each sample."""
        self.ensure_one()
        if self.found1 is False:
            return []
        return [self.found1] if self.found2 is False else [self.found1, self.found2]

    def _get_used_counts(self):
        counts = self._get_counts()
        return counts if self.needs_second else counts[:1]

    def _get_found(self):
        """Return how many defects the verdict rests on."""
        return int(sum(self._get_used_counts()))

    def _get_inspected_size(self):
        """Return how many units the verdict rests on."""
        return sum(self._get_sizes()[: len(self._get_used_counts())])

    # -- Counting ----------------------------------------------------------------------

    @api.model
    def _get_entry_fields(self):
        """Return the fields that an inspector fills."""
        return {"found1", "found2"}

    @api.model
    def _get_free_fields(self):
        return self._get_entry_fields()

    def write(self, vals):
        """Count defects; ask for the second sample where the first doesn't decide.

        An earlier count goes into the audit trail.

        :raise UserError: if an order is validated or cancelled
        """
        if is_trusted(self.env):
            return super().write(vals)
        if set(vals) - self._get_entry_fields():
            self._check_trusted()
        self.order_id._check_editable()
        before = {defect: defect._get_counts() for defect in self}
        res = super().write(vals)
        self._follow_counts(before)
        return res

    def _follow_counts(self, before):
        changed = self.filtered(lambda one: one._get_counts() != before[one])
        if not changed:
            return
        for defect in changed.filtered(lambda one: before[one]):
            defect._audit(
                "correct",
                {"found1": (_join(before[defect]), _join(defect._get_counts()))},
            )
        self.order_id._record_readings(fields.Datetime.now())
        self.order_id._follow_counts()

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "Acceptance numbers come from the tables; only the defects found"
            " can be entered."
        )

    @api.constrains("found1", "found2")
    def _check_counts(self):
        for defect in self:
            for count, size in zip(
                defect._get_counts(), defect._get_sizes(), strict=False
            ):
                if not 0 <= count < 2**31 or count != int(count):
                    raise ValidationError(
                        self.env._(
                            "%(class_name)s: %(count)s is no number of defects.",
                            class_name=defect.display_name,
                            count=format_number(self.env, count),
                        )
                    )
                if defect.count_as == "units" and count > size:
                    raise ValidationError(
                        self.env._(
                            "%(class_name)s: %(count)s defective units can't be found"
                            " in a sample of %(size)s.",
                            class_name=defect.display_name,
                            count=format_number(self.env, count),
                            size=size,
                        )
                    )

    def _get_failure_text(self):
        """Return why the lot is rejected, for people."""
        self.ensure_one()
        return self.env._(
            "%(class_name)s: %(found)s found in %(size)s, rejected at %(reject)s",
            class_name=self.display_name,
            found=self._get_found(),
            size=self._get_inspected_size(),
            reject=self._get_stages()[len(self._get_used_counts()) - 1].reject,
        )

    def _prepare_signed_line(self):
        """Return the count with its acceptance numbers, as a line of what is signed."""
        self.ensure_one()
        raw = [raw_value(self, name) for name in self._get_signed_fields()]
        text = f"{self._get_found()} ({self.instruction})"
        return ContentLine(f"defects {self.id}", self.display_name, raw, text)

    @api.model
    def _get_signed_fields(self):
        numbers = ["size1", "accept1", "reject1", "size2", "accept2", "reject2"]
        counts = ["defect_class", "severity", "aql", "found1", "found2", "verdict"]
        return counts + numbers


def _join(counts):
    return " + ".join(f"{count:.0f}" for count in counts)
