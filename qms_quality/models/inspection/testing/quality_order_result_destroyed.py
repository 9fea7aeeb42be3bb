from odoo import fields, models


class QmsQualityOrderResult(models.Model):
    """Readings that use up what they read."""

    _inherit = "qms.quality.order.result"

    is_destroyed = fields.Boolean(
        string="Taken from Stock",
        readonly=True,
        copy=False,
        help="What the reading used up was taken from stock.",
    )
