from odoo import models

from .making import Making


class StockMove(models.Model):
    """Parts of a repair: what was put in is in the repaired lot, what came out was.

    Repairs need not be installed, so their order is reached through its moves.
    """

    _inherit = "stock.move"

    def _qms_sync_repairs(self, past=False):
        links = self.env["qms.lot.link"]
        if "repair_id" not in self._fields:
            return links
        repairs = self.repair_id.filtered("move_id")
        if not repairs:
            return links
        wanted = [
            vals for repair in repairs for vals in self._qms_prepare_repair(repair)
        ]
        return links._qms_sync(repairs, wanted, past)

    def _qms_prepare_repair(self, repair):
        """Return the values of the links of one repair."""
        goods = repair.move_id.move_line_ids
        parts = repair.move_ids - repair.move_id
        put_in = parts.filtered(lambda move: move.repair_line_type == "add")
        makings = [
            Making(put_in.move_line_ids, goods),
            Making(goods, (parts - put_in).move_line_ids),
        ]
        return [
            vals
            for making in makings
            for vals in self.env["qms.lot.link"]._qms_prepare_parts(
                repair, making, "repair"
            )
        ]
