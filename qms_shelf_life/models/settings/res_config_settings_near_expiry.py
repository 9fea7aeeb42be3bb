from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """From when on goods are near their date, and what is proposed then."""

    _inherit = "res.config.settings"

    qms_near_expiry = fields.Char(related="company_id.qms_near_expiry", readonly=False)
    qms_near_expiry_discount = fields.Float(
        related="company_id.qms_near_expiry_discount", readonly=False
    )
    qms_near_expiry_again = fields.Integer(
        related="company_id.qms_near_expiry_again", readonly=False
    )
