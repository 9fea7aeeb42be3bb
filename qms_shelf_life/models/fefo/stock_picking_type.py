from odoo import fields, models


class StockPickingType(models.Model):
    """What happens when goods are taken that expire after others that are free."""

    _inherit = "stock.picking.type"

    qms_fefo = fields.Selection(
        [
            ("off", "Allowed"),
            ("reason", "Allowed with a reason"),
            ("refuse", "Refused"),
        ],
        "Lots That Expire Later",
        required=True,
        default="off",
        help="When a lot is taken although an earlier one is free that would do: in the"
        " same source location, one that may be used and meets what is required.",
    )
