from odoo import api, models

from ..transaction import Goods


class StockLot(models.Model):
    _name = "stock.lot"
    _inherit = ["stock.lot", "qms.held.goods.mixin"]

    @api.depends("qms_hold_ids.state")
    def _compute_qms_open_holds(self):
        return super()._compute_qms_open_holds()

    def _qms_get_held_goods(self):
        place, package = self.env["stock.location"], self.env["stock.package"]
        return {lot: [Goods(lot.product_id, lot, place, package)] for lot in self}

    def _qms_get_open_holds(self):
        # those on a part of the lot too, wherever it is
        holds = self.env["qms.hold"].search(
            [
                ("lot_id", "in", self.ids),
                ("state", "=", "open"),
                ("root_id", "=", False),
            ]
        )
        by_lot = holds.grouped("lot_id")
        return {lot: by_lot.get(lot._origin, holds.browse()) for lot in self}
