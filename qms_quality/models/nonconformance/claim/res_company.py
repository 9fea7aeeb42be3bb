from odoo import fields, models


class ResCompany(models.Model):
    """How long vendors have to answer claims."""

    _inherit = "res.company"

    qms_claim_containment_days = fields.Integer(
        string="Days to Contain",
        default=2,
        help="How long vendors have to stop the harm (D3) after a claim was sent.",
    )
    qms_claim_days = fields.Integer(
        string="Days to Answer Claims",
        default=14,
        help="How long vendors have to answer a claim completely.",
    )
    qms_claim_reminder_days = fields.Integer(
        string="Days between Reminders",
        default=3,
        help="How often vendors are reminded of a date that has passed. 0: never.",
    )

    _qms_claim_days_check = models.Constraint(
        "CHECK(qms_claim_days >= 0 AND qms_claim_containment_days >= 0"
        " AND qms_claim_reminder_days >= 0)",
        "Days can't be negative.",
    )
