from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    qms_sales_minimum = fields.Selection(
        related="company_id.qms_sales_minimum", readonly=False
    )
