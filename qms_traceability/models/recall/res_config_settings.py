from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    qms_mock_recall = fields.Boolean(
        related="company_id.qms_mock_recall", readonly=False
    )
    qms_mock_recall_user_id = fields.Many2one(
        related="company_id.qms_mock_recall_user_id", readonly=False
    )
    qms_mock_recall_minutes = fields.Integer(
        related="company_id.qms_mock_recall_minutes", readonly=False
    )
