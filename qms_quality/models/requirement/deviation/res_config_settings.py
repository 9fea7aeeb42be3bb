from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    qms_requirement_moment = fields.Selection(
        related="company_id.qms_requirement_moment", readonly=False
    )
    qms_receipt_departure = fields.Selection(
        related="company_id.qms_receipt_departure", readonly=False
    )
