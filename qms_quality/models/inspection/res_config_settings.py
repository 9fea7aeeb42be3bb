from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    qms_close_needs_signoff = fields.Boolean(
        related="company_id.qms_close_needs_signoff", readonly=False
    )
    qms_start_needs_components = fields.Boolean(
        related="company_id.qms_start_needs_components", readonly=False
    )
