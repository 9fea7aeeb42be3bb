from odoo import fields, models


class StockPickingType(models.Model):
    """What a quality plan can leave to the operation type."""

    _inherit = "stock.picking.type"

    qms_frequency = fields.Selection(
        [
            ("sequence", "Further readings on the same order"),
            ("separate", "An order of its own each time"),
        ],
        string="Tests That Fall Due Again",
        required=True,
        default="sequence",
        help="Where tests are due again within one arrival, and the quality plan leaves"
        " it to the operation type.",
    )
