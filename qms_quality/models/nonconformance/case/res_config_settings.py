from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    qms_open_cases = fields.Boolean(related="company_id.qms_open_cases", readonly=False)
    qms_case_days = fields.Integer(related="company_id.qms_case_days", readonly=False)
