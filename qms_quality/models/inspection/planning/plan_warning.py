from odoo import fields, models


class QmsQualityPlan(models.Model):
    """What other programs are told about a plan, without being stopped."""

    _inherit = "qms.quality.plan"

    def _get_warnings(self):
        """Return what of this plan has no effect, a text each."""
        self.ensure_one()
        warnings = []
        if self.state == "draft":
            warnings.append(
                self.env._("The plan counts when those have agreed whom a rule asks.")
            )
        elif not self._is_in_force():
            warnings.append(self.env._("The plan is not in force today."))
        if self.max_quantity and self._ignores_maximum():
            warnings.append(
                self.env._(
                    "max_quantity has no effect: it is for products that are managed in"
                    " packages, with one order for each lot."
                )
            )
        if other := self._find_other():
            warnings.append(
                self.env._(
                    "The plan %s is in force for these products, too, and counts"
                    " instead.",
                    other.code,
                )
            )
        return warnings

    def _is_in_force(self):
        today = fields.Date.context_today(self)
        return (
            self.active
            and self.state == "active"
            and (not self.date_from or self.date_from <= today)
            and (not self.date_to or today <= self.date_to)
        )

    def _ignores_maximum(self):
        product = self.product_id
        loose = product and not product.qms_package_managed
        return bool(loose) or self.order_level == "location"

    def _find_other(self):
        """Return the plan of the same products that counts instead of this one."""
        if not self._is_in_force():
            return self.browse()
        same = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("product_id", "=", self.product_id.id),
                ("categ_id", "=", self.categ_id.id),
            ]
        )
        first = same.filtered(lambda plan: plan._is_in_force())._get_most_specific()
        return first - self

    def _get_missing_warning(self, cells):
        """Return that cells were not given, as a list of no or one text."""
        if not cells:
            return []
        names = ", ".join(cells)
        return [
            self.env._("These cells were not given, and stay as they come: %s.", names)
        ]

    def _get_changed_warning(self, changed):
        """Return what a change doesn't do, as a list of no or one text."""
        if not changed:
            return [self.env._("Nothing changed.")]
        # sudo: how many orders there are is no secret
        count = self.sudo().order_count
        if not count:
            return []
        return [self.env._("%s quality orders keep the plan as it was.", count)]

    def _get_delete_warnings(self):
        """Return what keeps naming this plan, a text each."""
        self.ensure_one()
        warnings = []
        # sudo: how many orders and rules there are is no secret
        if count := self.sudo().order_count:
            warnings.append(
                self.env._("%s quality orders keep a copy of the plan.", count)
            )
        rules = self.env["qms.quality.association"].sudo()
        count = rules.search_count([("plan_code", "=", self.code)])
        others = [("code", "=", self.code), ("company_id", "=", self.company_id.id)]
        if count and self.search_count(others) == 1:
            warnings.append(
                self.env._(
                    "%(count)s associations name the plan %(code)s, which is gone: the"
                    " most specific plan in force counts for their orders.",
                    count=count,
                    code=self.code,
                )
            )
        return warnings
