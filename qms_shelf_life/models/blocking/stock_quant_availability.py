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
        return super()._compute_available_quantity()

    def _qms_filter_unavailable(self):
        """Ask of goods with dates what really refuses them: the badge *Expired* does
        not, where a rule allows them.
        """
        dated = self.filtered("product_id.use_expiration_date")
        unavailable = super(StockQuant, self - dated)._qms_filter_unavailable()
        if not dated:
            return unavailable
        answers = self.env["qms.hold"]._qms_gate_reasons(
            dated._qms_get_goods(), "delivery"
        )
        return unavailable | dated.browse(
            quant.id
            for quant, reasons in zip(dated, answers, strict=True)
            if any(reason.policy == "block" for reason in reasons)
        )
