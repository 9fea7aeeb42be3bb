from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import is_trusted, trusted


class QmsQualityPlan(models.Model):
    """Where a rule asks for agreement, a plan waits for it, and so does each change.

    Without such a rule a plan counts as it is. With one it begins as a draft; in force
    it stays as it is, and a new version takes its place. Versions share code and goods.
    """

    _name = "qms.quality.plan"
    _inherit = ["qms.quality.plan", "qms.version.mixin"]

    state = fields.Selection(
        default="active",
        help="A draft counts when those have agreed whom a rule asks.",
    )
    is_fixed = fields.Boolean(compute="_compute_is_fixed")

    _key_uniq = models.UniqueIndex(
        "(company_id, code, COALESCE(product_id, 0), COALESCE(categ_id, 0), state)"
        " WHERE state != 'retired'",
        "There is a quality plan with this code for these products already.",
    )

    def _compute_is_fixed(self):
        fixed = self._origin._filter_fixed()
        for plan in self:
            plan.is_fixed = plan._origin in fixed

    def _filter_fixed(self):
        """Return the plans that stay as they are: replaced, or in force by a rule."""
        in_force = self.filtered(lambda plan: plan.state == "active")
        retired = self.filtered(lambda plan: plan.state == "retired")
        return retired | in_force._qms_filter_ruled("activate")

    # -- What can't be written by hand -------------------------------------------------

    @api.model
    def _get_ruled_fields(self):
        """Return the fields that a rule about putting plans in force is about."""
        return {
            *self._get_option_fields(),
            "code",
            "name",
            "product_id",
            "categ_id",
            "date_from",
            "date_to",
            "company_id",
        }

    @api.model_create_multi
    def create(self, vals_list):
        if is_trusted(self.env):
            return super().create(vals_list)
        self._check_state_unwritten(
            {one for vals in vals_list for one in vals if vals[one] != "active"}
        )
        if not self._qms_has_rules("activate"):
            return super().create([{**vals, "state": "active"} for vals in vals_list])
        plans = super().create([{**vals, "state": "draft"} for vals in vals_list])
        trusted(plans - plans._qms_filter_ruled("activate")).state = "active"
        return plans

    def write(self, vals):
        if is_trusted(self.env):
            return super().write(vals)
        self._check_state_unwritten(vals.keys())
        is_ruled = self._get_ruled_fields() & vals.keys()
        if is_ruled:
            self.check_access("write")
            self._check_changeable()
        res = super().write(vals)
        if is_ruled:
            # another product or company can be what a rule is about
            self._check_changeable()
        return res

    @api.model
    def _check_state_unwritten(self, names):
        if "state" in names:
            raise AccessError(
                self.env._("The state of a quality plan is set by its buttons only.")
            )

    def _check_changeable(self):
        """Refuse to change plans that stay as they are.

        :raise UserError: names them
        """
        if is_trusted(self.env):
            return
        fixed = self._filter_fixed()
        if retired := fixed.filtered(lambda plan: plan.state == "retired"):
            raise UserError(
                self.env._(
                    "These quality plans were replaced, and stay as they are: %s.",
                    ", ".join(retired.mapped("display_name")),
                )
            )
        if fixed:
            raise UserError(
                self.env._(
                    "Changes of these quality plans have to be agreed to: %s. Make a"
                    " new version, and put it in force.",
                    ", ".join(fixed.mapped("display_name")),
                )
            )

    # -- Versions ----------------------------------------------------------------------

    @api.model
    def _get_retired_values(self):
        return {**super()._get_retired_values(), "active": False}

    def _get_versions(self):
        """Return all plans of the same code for the same goods."""
        self.ensure_one()
        plans = self.with_context(active_test=False)
        domain = [
            (name, "=", self[name].id)
            for name in ("company_id", "product_id", "categ_id")
        ]
        return plans.search([("code", "=", self.code), *domain])

    def _make_version(self, versions):
        return trusted(self).copy({"code": self.code, "state": "draft"})

    def _propose(self):
        """Put drafts in force as far as their rules are met; ask whom they name."""
        drafts = self.filtered(lambda plan: plan.state == "draft")
        if ready := drafts._qms_let_pass("activate"):
            ready._qms_do_activate()
