from odoo import fields, models
from odoo.exceptions import AccessError

COPIES = {"expiration_date", "removal_date"}


class StockQuant(models.Model):
    """The dates of stock are those of its lots: nobody writes the copies."""

    _inherit = "stock.quant"

    qms_sell_by_date = fields.Date(related="lot_id.qms_sell_by_date")

    def write(self, vals):
        if COPIES & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._(
                    "The dates of stock are those of its lots: change them there."
                )
            )
        return super().write(vals)
