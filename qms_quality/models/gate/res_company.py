from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    qms_notify_lost_reservation = fields.Boolean(
        string="Activity when Reserved Goods are Held",
        default=True,
        help="Who is responsible for a document that loses its reservation to a hold"
        " gets one activity for each hold.",
    )
