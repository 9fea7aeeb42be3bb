from odoo import api, models
from odoo.tools import SQL


class StockQuant(models.Model):
    """Goods whose date blocks them are neither free nor in the forecast."""

    _inherit = "stock.quant"

    def _qms_get_lost_sql(self, alias, types, partner=None, product=None, date=None):
        lost = super()._qms_get_lost_sql(
            alias, types, partner, product=product, date=date
        )
        if not product:
            return lost
        blocks = self._qms_get_date_blocks(
            types, product, self.env["stock.location"], partner=partner, date=date
        )
        if not blocks:
            return lost
        self.flush_model(["expiration_date"])
        return SQL("(%s OR %s)", lost, self._qms_get_date_sql(alias, blocks))

    @api.depends("expiration_date")
    def _compute_available_quantity(self):
        res = super()._compute_available_quantity()
        dated = self.filtered(
            lambda quant: (
                quant.product_id.use_expiration_date and quant.available_quantity
            )
        )
        if not dated:
            return res
        reasons = self.env["qms.hold"]._qms_get_date_reasons(
            dated._qms_get_goods(), ("delivery",), [None] * len(dated)
        )
        for quant, found in zip(dated, reasons, strict=True):
            if any(reason.policy == "block" for reason in found):
                quant.available_quantity = 0
        return res
