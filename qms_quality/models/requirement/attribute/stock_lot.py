from odoo import fields, models


class StockLot(models.Model):
    """Lots have attributes."""

    _inherit = "stock.lot"

    qms_attribute_ids = fields.One2many("qms.lot.attribute", "lot_id", "Attributes")
