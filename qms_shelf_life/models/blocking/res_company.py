from odoo import fields, models

from .expiry_policy import MISSING, ExpiryPolicy

DEFAULT_TYPES = frozenset({"delivery", "consumption", "transfer"})


class ResCompany(models.Model):
    """What counts for goods that no expiry rule is about."""

    _inherit = "res.company"

    qms_block_expired = fields.Boolean(
        string="Block Expired Goods",
        default=True,
        help="Lots that have expired are not delivered, consumed or transferred to"
        " another facility. They can still be scrapped, returned to the vendor, counted"
        " and moved inside.",
    )
    qms_expiry_days = fields.Integer(
        string="Days before Expiry",
        help="So many days before they expire, lots are not picked for deliveries any"
        " more. 0: until they expire.",
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
        "CHECK(qms_expiry_days >= 0)", "Days before expiry can't be negative."
    )

    def _qms_get_expiry_policy(self):
        """Return what counts for goods that no rule is about."""
        self.ensure_one()
        # sudo: the gate answers the same, whoever asks
        company = self.sudo()
        levels = dict.fromkeys(DEFAULT_TYPES, "expired")
        if not company.qms_block_expired:
            levels = {}
        if company.qms_expiry_days:
            levels["delivery"] = "days"
        return ExpiryPolicy(
            0,
            levels,
            company.qms_expiry_days,
            company.qms_expiry_missing,
            DEFAULT_TYPES,
        )
