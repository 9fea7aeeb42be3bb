from odoo import api, fields, models
from odoo.fields import Domain

from ...sentinel import trusted


class QmsCapaChange(models.Model):
    """More of a supplier's goods is inspected."""

    _inherit = "qms.capa.change"

    sampling_way = fields.Selection(
        [
            ("plan", "By another sampling plan"),
            ("severity", "By tightened inspection (ANSI/ASQ Z1.4)"),
            ("ladder", "From the first level of a flexible plan again"),
        ],
        string="How",
        default="plan",
    )
    association_id = fields.Many2one(
        "qms.quality.association",
        string="Instead of the Rule",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The association by which the goods are inspected now. The supplier gets"
        " one of his own with the other plan.",
    )
    sampling_plan_id = fields.Many2one(
        "qms.sampling.plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    sampling_ladder_id = fields.Many2one(
        "qms.sampling.ladder",
        string="Flexible Sampling Plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )

    @api.depends("sampling_plan_id", "sampling_ladder_id", "association_id")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_subjects(self):
        subjects = super()._get_subjects()
        if self.kind != "sampling":
            return subjects
        plan = self.sampling_plan_id
        if self.sampling_way == "ladder":
            plan = self.sampling_ladder_id
        return [plan.name, *subjects]

    @api.model
    def _get_signed_fields(self):
        names = ["sampling_way", "association_id", "sampling_plan_id"]
        return [*super()._get_signed_fields(), *names, "sampling_ladder_id"]

    def _get_sampling_gaps(self):
        if not self.partner_id:
            return [self.env._("choose the supplier")]
        return getattr(self, f"_get_{self.sampling_way or 'plan'}_gaps")()

    def _apply_sampling(self):
        return getattr(self, f"_apply_{self.sampling_way or 'plan'}")()

    def _get_partner_domain(self):
        """Return the domain of what sampling keeps about the supplier's goods."""
        domain = Domain("company_id", "=", self.company_id.id) & Domain(
            "partner_id", "=", self.partner_id.commercial_partner_id.id
        )
        if self.product_ids:
            domain &= Domain("product_id", "in", self.product_ids.ids)
        return domain

    # -- Another plan ------------------------------------------------------------------

    def _get_plan_gaps(self):
        if self.association_id and self.sampling_plan_id:
            return []
        return [self.env._("choose the rule, and the sampling plan instead")]

    def _apply_plan(self):
        rule, plan = self.association_id, self.sampling_plan_id
        values = {"sampling_plan_id": plan.id, "sampling_ladder_id": False}
        before = rule.sampling_plan_id or rule.sampling_ladder_id
        if rule.partner_ids == self.partner_id:
            rule.write(values)
        else:
            rule = rule.copy(
                {
                    **values,
                    "name": f"{rule.name}: {self.partner_id.display_name}",
                    "partner_ids": [(6, 0, self.partner_id.ids)],
                    "date_from": self.date_from or fields.Date.context_today(self),
                    "date_to": self.date_to,
                }
            )
        proof = self.env._(
            "%(rule)s: %(plan)s instead of %(before)s",
            rule=rule.name,
            plan=plan.name,
            before=before.name or self.env._("all lots"),
        )
        return rule, proof

    # -- Tightened inspection ----------------------------------------------------------

    def _get_severity_gaps(self):
        if self.sampling_plan_id.method != "z14":
            return [self.env._("choose a sampling plan by ANSI/ASQ Z1.4")]
        if not self.product_ids and not self._find_severities():
            return [self.env._("choose the products: none was inspected by it yet")]
        return []

    def _find_severities(self):
        severities = self.env["qms.sampling.severity"].sudo()
        plan = Domain("plan_id", "=", self.sampling_plan_id.id)
        return severities.search(plan & self._get_partner_domain())

    def _apply_severity(self):
        plan, partner = self.sampling_plan_id, self.partner_id.commercial_partner_id
        keys = [
            (plan.id, product.id, partner.id, self.company_id.id, name)
            for product in self.product_ids
            for name in plan._get_aqls()
        ]
        model = self.env["qms.sampling.severity"]
        start = {"severity": "normal", "is_discontinued": False, "is_steady": False}
        if keys:
            model._ensure(keys, start)
        found = trusted(self._find_severities())
        looser = found.filtered(
            lambda one: one.severity != "tightened" and not one.is_discontinued
        )
        for severity in looser:
            severity._switch("tightened", "manual", comment=self.capa_id.display_name)
        looser._replan_waiting()
        names = ", ".join(found.mapped("display_name"))
        return found, self.env._("Tightened inspection: %s", names)

    # -- The first level ---------------------------------------------------------------

    def _get_ladder_gaps(self):
        if not self.sampling_ladder_id:
            return [self.env._("choose the flexible sampling plan")]
        if not self._find_positions():
            return [self.env._("the supplier has no level above the first one")]
        return []

    def _find_positions(self):
        positions = self.env["qms.sampling.ladder.position"].sudo()
        ladder = self.sampling_ladder_id
        first = ladder.level_ids.sorted()[:1]
        found = positions.search(
            Domain("ladder_id", "=", ladder.id) & self._get_partner_domain()
        )
        return found.filtered(lambda one: one._get_level() != first)

    def _apply_ladder(self):
        first = self.sampling_ladder_id.level_ids.sorted()[:1]
        found = trusted(self._find_positions())
        for position in found:
            position._move(position._get_level(), first, False)
        names = ", ".join(found.mapped("display_name"))
        proof = self.env._(
            "Back on %(level)s: %(names)s", level=first.name, names=names
        )
        return found, proof
