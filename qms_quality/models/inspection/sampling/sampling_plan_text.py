from odoo import api, fields, models

from ...number_text import format_number, format_quantity
from .sampling_plan_z14 import CLASSES, SEVERITIES


class QmsSamplingPlan(models.Model):
    """What a plan will do, in words."""

    _inherit = "qms.sampling.plan"

    preview_quantity = fields.Float(
        string="Try a lot of",
        digits="Product Unit",
        store=False,
        default=200.0,
        help="Not kept: type any lot size to see what would be taken of it.",
    )
    preview = fields.Text(compute="_compute_preview")
    explanation = fields.Text(compute="_compute_explanation")

    @api.depends_context("lang")
    @api.depends(
        "method",
        "quantity",
        "percent",
        "per_quantity",
        "package_nth",
        "package_per_product",
        "basis",
        "inspection_level",
        "double_sampling",
        "aql_critical",
        "aql_major",
        "aql_minor",
        "split_lot",
        "split_serial",
        "split_package",
        "hold_scope",
        "skip_lot",
        "sample_location_id",
        "sample_package",
    )
    def _compute_explanation(self):
        for plan in self:
            plan.explanation = " ".join(plan._get_explanation())

    def _get_explanation(self):
        """Return what the plan does, a sentence each."""
        self.ensure_one()
        sentences = [self._get_sample_text(), self._get_split_text()]
        if self.skip_lot > 1:
            sentences.append(
                self.env._(
                    "Of every %s lots one is inspected, drawn at random.", self.skip_lot
                )
            )
        if self.hold_scope == "sample":
            sentences.append(
                self.env._("Only the sample is held; if it fails, the rest too.")
            )
        else:
            sentences.append(self.env._("All of the goods are held until the verdict."))
        return [sentence for sentence in sentences if sentence]

    def _get_sample_text(self):
        return {
            "all": self._get_all_text,
            "fixed": self._get_fixed_text,
            "percent": self._get_percent_text,
            "every_n": self._get_every_n_text,
            "package": self._get_package_text,
            "z14": self._get_z14_text,
        }[self.method or "all"]()

    def _get_all_text(self):
        return self.env._("Every unit is inspected.")

    def _get_fixed_text(self):
        if self.basis == "ordered":
            return self.env._(
                "Takes %s of what arrives first, and as much of the rest of what was"
                " ordered.",
                format_quantity(self.env, self.quantity),
            )
        return self.env._(
            "Takes %s of what is received.", format_quantity(self.env, self.quantity)
        )

    def _get_percent_text(self):
        if self.basis == "ordered":
            return self.env._(
                "Takes %s %% of what was ordered, from the first receipt on.",
                format_number(self.env, self.percent),
            )
        return self.env._(
            "Takes %s %% of what is received.", format_number(self.env, self.percent)
        )

    def _get_every_n_text(self):
        return self.env._(
            "Takes the first %(quantity)s of every %(every)s units, counted across the"
            " receipts of a product and partner.",
            quantity=format_quantity(self.env, self.quantity),
            every=format_quantity(self.env, self.per_quantity),
        )

    def _get_package_text(self):
        if self.package_nth <= 1:
            return self.env._("Takes every package, whole.")
        return self.env._(
            "Takes the first package, then every %s., whole. Each one stands for the"
            " packages up to the next.",
            self.package_nth,
        )

    def _get_z14_text(self):
        labels = dict(CLASSES)
        aqls = [
            f"{self._get_label('defect_class', name, labels)} {aql}"
            for name, aql in self._get_aqls().items()
        ]
        if self.double_sampling:
            return self.env._(
                "Double sampling by ANSI/ASQ Z1.4, level %(level)s, AQL: %(aqls)s.",
                level=self.inspection_level,
                aqls=", ".join(aqls),
            )
        return self.env._(
            "Single sampling by ANSI/ASQ Z1.4, level %(level)s, AQL: %(aqls)s.",
            level=self.inspection_level,
            aqls=", ".join(aqls),
        )

    def _get_split_text(self):
        if self.method == "package":
            return ""
        parts = []
        if self.split_lot:
            parts.append(self.env._("lot"))
        if self.split_serial:
            parts.append(self.env._("serial number"))
        if self.split_package:
            parts.append(self.env._("package"))
        if not parts:
            return self.env._("One order for all lots of a receipt line.")
        return self.env._("An order for each %s.", ", ".join(parts))

    def _get_label(self, field, value, labels):
        """Return the translated label of a selection of the defects."""
        model = self.env["qms.quality.order.defect"]
        known = dict(model._fields[field]._description_selection(self.env))
        return known.get(value, labels[value])

    # -- Trying a lot size -------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends("preview_quantity", "explanation", "switching", "allow_reduced")
    def _compute_preview(self):
        for plan in self:
            if plan.preview_quantity <= 0:
                plan.preview = self.env._("Type a lot size above 0.")
            elif plan.method == "z14":
                plan.preview = "\n".join(plan._get_z14_preview())
            else:
                plan.preview = plan._get_plain_preview()

    def _get_plain_preview(self):
        lot = format_quantity(self.env, self.preview_quantity)
        if self.method == "package":
            return self.env._("For a lot of %s: whole packages.", lot)
        unit = self.env.ref("uom.product_uom_unit")
        sample = self._get_sample_quantity(self.preview_quantity, unit)
        return self.env._(
            "For a lot of %(lot)s: take %(sample)s.",
            lot=lot,
            sample=format_quantity(self.env, sample),
        )

    def _get_z14_preview(self):
        if not self.inspection_level or not self._get_aqls():
            return [self.env._("Choose an inspection level and an AQL.")]
        lot = format_quantity(self.env, self.preview_quantity)
        lines = [self.env._("For a lot of %s:", lot)]
        severities = SEVERITIES if self.switching else SEVERITIES[:1]
        for severity, label in severities:
            if severity == "reduced" and not self.allow_reduced:
                continue
            plans = self._get_z14_plans(
                self.preview_quantity, dict.fromkeys(dict(CLASSES), severity)
            )
            label = self._get_label("severity", severity, {severity: label})
            texts = [
                f"{self._get_label('defect_class', name, dict(CLASSES))}: "
                f"{self._get_stages_text(plans[name][1].stages)}"
                for name, _label in CLASSES
                if name in plans
            ]
            lines.append(f"{label} – {' · '.join(texts)}")
        return lines

    @api.model
    def _get_stages_text(self, stages):
        """Return what the samples are held against, for people."""
        first, last = stages[0], stages[-1]
        if len(stages) == 1:
            return self.env._(
                "take %(size)s, accept up to %(accept)s, reject at %(reject)s",
                size=first.size,
                accept=first.accept,
                reject=first.reject,
            )
        return self.env._(
            "take %(size)s, accept up to %(accept)s, reject at %(reject)s; in between"
            " take %(more)s more, accept up to %(accept2)s, reject at %(reject2)s",
            size=first.size,
            accept=first.accept,
            reject=first.reject,
            more=last.size,
            accept2=last.accept,
            reject2=last.reject,
        )
