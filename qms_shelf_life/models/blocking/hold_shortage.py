from odoo import api, models


class QmsHold(models.Model):
    """The cheap question before the exact one: could dates block something?"""

    _inherit = "qms.hold"

    @api.model
    def _qms_get_gated_products(self, products, types):
        gated = super()._qms_get_gated_products(products, types)
        dated = (products - gated)._qms_filter_dated()
        return gated | dated if dated and self._qms_may_date_block(types) else gated

    @api.model
    def _qms_may_date_block(self, types):
        """Tell whether any setting or rule blocks goods by their date. No query."""
        return any(
            policy.get_days(types) is not None or policy.get_missing(types) == "block"
            for policy in self._qms_get_all_policies()
        )

    @api.model
    def _qms_may_warn(self):
        # of missing dates
        return super()._qms_may_warn() or any(
            policy.missing == "warn" for policy in self._qms_get_all_policies()
        )

    @api.model
    def _qms_get_all_policies(self):
        """Return what any company's settings and any rule say of dates."""
        rules = self.env["qms.expiry.rule"]
        settings = self.env["res.company"]._qms_get_expiry_policies()
        return [*settings.values(), *map(rules._as_policy, rules._get_rules())]
