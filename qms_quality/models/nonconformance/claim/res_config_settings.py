from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    qms_claim_containment_days = fields.Integer(
        related="company_id.qms_claim_containment_days", readonly=False
    )
    qms_claim_days = fields.Integer(related="company_id.qms_claim_days", readonly=False)
    qms_claim_reminder_days = fields.Integer(
        related="company_id.qms_claim_reminder_days", readonly=False
    )
