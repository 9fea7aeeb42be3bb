from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings about the dates of lots."""

    _inherit = "res.config.settings"

    qms_expiry_change = fields.Boolean(
        related="company_id.qms_expiry_change", readonly=False
    )
    qms_sell_by_policy = fields.Selection(
        related="company_id.qms_sell_by_policy", readonly=False, required=True
    )
    qms_merge_dates = fields.Selection(
        related="company_id.qms_merge_dates", readonly=False, required=True
    )
