from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Looking ahead: average use, the monthly mail, notices to customers."""

    _inherit = "res.config.settings"

    qms_use_weeks = fields.Integer(related="company_id.qms_use_weeks", readonly=False)
    qms_expiry_mail = fields.Boolean(
        related="company_id.qms_expiry_mail", readonly=False
    )
    qms_expiry_mail_user_ids = fields.Many2many(
        related="company_id.qms_expiry_mail_user_ids", readonly=False
    )
    qms_expiry_notices = fields.Boolean(
        related="company_id.qms_expiry_notices", readonly=False
    )
    qms_expiry_notice_kind = fields.Selection(
        related="company_id.qms_expiry_notice_kind", readonly=False
    )
    qms_expiry_notice_text = fields.Text(
        related="company_id.qms_expiry_notice_text", readonly=False
    )
