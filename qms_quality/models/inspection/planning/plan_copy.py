from odoo import api, fields, models

from ...sentinel import trusted


class QmsQualityPlanCopy(models.Model):
    """A quality plan as it was when quality orders were made by it. Never changed."""

    _name = "qms.quality.plan.copy"
    _description = "Copy of a Quality Plan"
    _inherit = [
        "qms.protected.mixin",
        "qms.audit.mixin",
        "qms.quality.plan.options",
    ]
    _order = "id desc"
    _rec_name = "name"

    plan_id = fields.Many2one(
        "qms.quality.plan",
        string="Quality Plan",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    code = fields.Char(readonly=True)
    name = fields.Char(readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )

    @api.depends("code", "create_date")
    def _compute_display_name(self):
        for copy in self:
            copy.display_name = copy.code

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "The copy of a quality plan stays as it was when its orders were made."
            " Change the plan instead."
        )

    @api.model
    def _ensure(self, plans):
        """Return the copy of each of ``plans`` as they are now, made where needed.

        :return: ``{plan: copy}``, in sudo
        """
        # sudo: whoever receives goods keeps the rules that hold for them
        copies = trusted(self.sudo())
        latest = {}
        for copy in copies.search([("plan_id", "in", plans.ids)], order="id"):
            latest[copy.plan_id.id] = copy
        found = {}
        for plan in plans.sudo():
            values, copy = plan._prepare_copy_values(), latest.get(plan.id)
            found[plan.with_env(self.env)] = (
                copy if copy and copy._has_values(values) else copies.create(values)
            )
        return found

    def _has_values(self, values):
        kept = {**self._get_option_values(), "code": self.code, "name": self.name}
        return all(kept[name] == values[name] for name in kept)
