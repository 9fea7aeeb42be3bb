from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """From when on dates keep goods back, where no rule says otherwise."""

    _inherit = "res.config.settings"

    qms_block_expired = fields.Boolean(
        related="company_id.qms_block_expired", readonly=False
    )
    qms_expiry_days = fields.Integer(
        related="company_id.qms_expiry_days", readonly=False
    )
    qms_expiry_missing = fields.Selection(
        related="company_id.qms_expiry_missing", readonly=False
    )
