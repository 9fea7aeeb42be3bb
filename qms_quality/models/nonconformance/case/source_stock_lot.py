from odoo import models

from ...gate.transaction import Goods


class StockLot(models.Model):
    _name = "stock.lot"
    _inherit = ["stock.lot", "qms.nonconformance.source.mixin"]

    def _qms_get_case_field(self):
        return "lot_ids"

    def _qms_get_reported_goods(self):
        place, package = self.env["stock.location"], self.env["stock.package"]
        return {
            Goods(lot.product_id, lot, place, package): lot.product_qty for lot in self
        }
