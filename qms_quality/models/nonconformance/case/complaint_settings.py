from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    qms_complaint_days = fields.Integer(
        related="company_id.qms_complaint_days", readonly=False
    )
    qms_complaint_reportable = fields.Boolean(
        related="company_id.qms_complaint_reportable", readonly=False
    )
