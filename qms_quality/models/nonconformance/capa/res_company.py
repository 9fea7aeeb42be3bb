from odoo import fields, models


class ResCompany(models.Model):
    """When late steps are brought to others, and who reviews."""

    _inherit = "res.company"

    qms_capa_escalate_days = fields.Integer(
        string="Escalate Late Work after (Days)",
        default=7,
        required=True,
        help="Cases, CAPAs, their steps and recurring duties that are so many days late"
        " are brought to who is in charge or to a quality manager.",
    )
    qms_capa_review_user_id = fields.Many2one(
        "res.users",
        string="CAPA Reviews by",
        domain=[("share", "=", False)],
        help="Gets the monthly and the quarterly review. Empty: a quality manager.",
    )

    _qms_capa_escalate_days_check = models.Constraint(
        "CHECK(qms_capa_escalate_days >= 0)",
        "The days until late steps are escalated can't be negative.",
    )
