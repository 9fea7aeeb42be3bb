from collections import defaultdict

from odoo import models


class StockQuant(models.Model):
    _name = "stock.quant"
    _inherit = ["stock.quant", "qms.nonconformance.source.mixin"]

    def _qms_get_case_field(self):
        return "lot_ids"

    def _compute_qms_nonconformance_count(self):
        for quant in self:
            quant.qms_nonconformance_count = quant.lot_id.qms_nonconformance_count

    def _qms_get_reported_goods(self):
        goods = defaultdict(float)
        for quant, one in zip(self, self._qms_get_goods(), strict=True):
            goods[one] += quant.quantity
        return goods

    def action_open_nonconformances(self):
        """Open the cases about the lots of this stock."""
        return self.lot_id.action_open_nonconformances()
