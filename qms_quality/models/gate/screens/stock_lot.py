from odoo import api, fields, models

from ..transaction import Goods


class StockLot(models.Model):
    _name = "stock.lot"
    _inherit = ["stock.lot", "qms.held.goods.mixin"]

    qms_part_status_id = fields.Many2one(
        "qms.inspection.status",
        string="Parts",
        compute="_compute_qms_part_status",
        compute_sudo=True,
        help="The strictest status that a part of the lot is held in, in a place or a"
        " package; empty where no part is held more strictly than the whole lot.",
    )
    qms_part_color = fields.Integer(
        compute="_compute_qms_part_status", compute_sudo=True
    )

    @api.depends("qms_hold_ids.state", "inspection_status_id")
    def _compute_qms_part_status(self):
        for lot in self:
            holds = lot.qms_hold_ids.filtered(lambda hold: hold.state == "open")
            status = (holds.status_id | lot.inspection_status_id)._get_strictest()
            part = status - lot.inspection_status_id
            lot.qms_part_status_id, lot.qms_part_color = part.id, part.color

    @api.depends("qms_hold_ids.state")
    def _compute_qms_open_holds(self):
        return super()._compute_qms_open_holds()

    def _qms_get_held_goods(self):
        place, package = self.env["stock.location"], self.env["stock.package"]
        return {lot: [Goods(lot.product_id, lot, place, package)] for lot in self}

    def _qms_get_open_holds(self):
        # those on a part of the lot too, wherever it is; sudo: who may see the lot need
        # not be allowed to read the ledger, and then sees no holds
        holds = (
            self.env["qms.hold"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", self.ids),
                    ("state", "=", "open"),
                    ("root_id", "=", False),
                ]
            )
        )
        by_lot = holds.sudo(False)._filtered_access("read").grouped("lot_id")
        none = self.env["qms.hold"]
        return {lot: by_lot.get(lot._origin, none) for lot in self}
