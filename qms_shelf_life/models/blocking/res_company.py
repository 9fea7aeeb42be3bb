from odoo import api, fields, models, tools

from .expiry_policy import MISSING, NO_POLICY, ExpiryPolicy

DEFAULT_TYPES = frozenset({"delivery", "consumption", "transfer"})
SETTINGS = {"qms_block_expired", "qms_expiry_days", "qms_expiry_missing"}


class ResCompany(models.Model):
    """What counts for goods that no expiry rule is about."""

    _name = "res.company"
    _inherit = ["res.company", "qms.cached.mixin"]

    qms_block_expired = fields.Boolean(
        string="Block Expired Goods",
        default=True,
        help="Lots that have expired are not delivered, consumed or transferred to"
        " another facility. They can still be scrapped, returned to the vendor, counted"
        " and moved inside.",
    )
    qms_expiry_days = fields.Integer(
        string="Days before Expiry",
        help="From so many days before they expire on, lots are not picked for"
        " deliveries any more. 0: until they have expired.",
    )
    qms_expiry_missing = fields.Selection(
        MISSING,
        string="Missing Expiration Dates",
        default="allow",
        required=True,
        help="What becomes of goods without an expiration date, whose product uses"
        " expiration dates.",
    )

    _qms_expiry_days_check = models.Constraint(
        "CHECK(qms_expiry_days >= 0 AND qms_expiry_days <= 36500)",
        "Days before the expiry are a number from 0 to 36500.",
    )

    @api.model
    def _is_cached(self, names):
        return bool(SETTINGS.intersection(names))

    def _qms_get_expiry_policy(self):
        """Return what counts for goods that no rule is about. No query."""
        self.ensure_one()
        return self._qms_get_expiry_policies().get(self._origin.id, NO_POLICY)

    @api.model
    @tools.ormcache()
    def _qms_get_expiry_policies(self):
        """Return the :class:`ExpiryPolicy` of each company, by its id."""
        # sudo: the gate answers the same, whoever asks
        companies = self.sudo().with_context(active_test=False).search([])
        return {company.id: company._prepare_expiry_policy() for company in companies}

    def _prepare_expiry_policy(self):
        self.ensure_one()
        blocks = self.qms_block_expired
        levels = dict.fromkeys(DEFAULT_TYPES, "expired") if blocks else {}
        if self.qms_expiry_days:
            levels["delivery"] = "days"
        return ExpiryPolicy(
            0, levels, self.qms_expiry_days, self.qms_expiry_missing, DEFAULT_TYPES
        )
