from odoo import fields, models

from .stock_picking_type import MOMENTS


class ResCompany(models.Model):
    _inherit = "res.company"

    qms_requirement_moment = fields.Selection(
        MOMENTS,
        "Check Requirements",
        required=True,
        default="both",
        help="When goods that don't meet a requirement are refused, or held where they"
        " come in. Operation types can differ.",
    )
    qms_receipt_departure = fields.Selection(
        [("hold", "Receive and hold them"), ("refuse", "Refuse the receipt")],
        "Received Goods That Depart",
        required=True,
        default="hold",
        help="What happens to goods from a vendor that don't meet what was ordered.",
    )
