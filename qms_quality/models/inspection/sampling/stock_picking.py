from odoo import fields, models


class StockPicking(models.Model):
    """Transfers that bring a sample to its place, or back."""

    _inherit = "stock.picking"

    qms_sample_order_id = fields.Many2one(
        "qms.quality.order",
        string="Sample of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    qms_sample_back = fields.Boolean(
        string="Brings the Sample back", readonly=True, copy=False
    )
