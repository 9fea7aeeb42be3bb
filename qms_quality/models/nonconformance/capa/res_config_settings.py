from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    qms_capa_escalate_days = fields.Integer(
        related="company_id.qms_capa_escalate_days", readonly=False
    )
    qms_capa_review_user_id = fields.Many2one(
        related="company_id.qms_capa_review_user_id", readonly=False
    )
