from odoo import fields, models

from .expiry_notice import KINDS


class ResCompany(models.Model):
    """How a company looks ahead."""

    _inherit = "res.company"

    qms_use_weeks = fields.Integer(
        string="Weeks of Average Use",
        default=4,
        help="How many weeks the average use is reckoned from, to tell which goods are"
        " at risk.",
    )
    qms_expiry_mail = fields.Boolean(
        string="Monthly Expiration Report",
        help="On the first day of a month, the expiration report is mailed as PDF and"
        " as Excel file.",
    )
    qms_expiry_mail_user_ids = fields.Many2many(
        "res.users",
        "qms_expiry_mail_user_rel",
        "company_id",
        "user_id",
        string="Recipients of the Expiration Report",
        domain=[("share", "=", False)],
        help="Empty: all shelf-life managers.",
    )
    qms_expiry_mail_month = fields.Date(
        string="Last Expiration Report",
        readonly=True,
        help="The month of the last report that was mailed.",
    )
    qms_expiry_notices = fields.Boolean(
        string="Notices to Customers",
        help="Customers who got a lot that comes near its date can be told by a mail"
        " that people review. Nothing is sent by itself.",
    )
    qms_expiry_notice_kind = fields.Selection(
        KINDS, string="Notices Bring", default="offer"
    )
    qms_expiry_notice_text = fields.Text(
        string="Offer to Customers",
        help="Proposed as the text of notices.",
    )

    _use_weeks_check = models.Constraint(
        "CHECK(qms_use_weeks BETWEEN 1 AND 104)",
        "The average use is reckoned from 1 to 104 weeks.",
    )
