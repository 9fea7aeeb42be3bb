from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings about registering components."""

    _inherit = "res.config.settings"

    qms_tracked_required = fields.Boolean(
        related="company_id.qms_tracked_required", readonly=False
    )
    qms_tracked_new_numbers = fields.Selection(
        related="company_id.qms_tracked_new_numbers", readonly=False, required=True
    )
    qms_tracked_sequence_id = fields.Many2one(
        related="company_id.qms_tracked_sequence_id", readonly=False
    )
