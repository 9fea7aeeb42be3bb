from odoo import models
from odoo.fields import Domain

from ...gate.transaction import Goods

OPEN_MOVES = ("waiting", "confirmed", "partially_available", "assigned")


class StockQuant(models.Model):
    """The transfers that wait for goods which have passed."""

    _inherit = "stock.quant"

    def _qms_get_next_lines(self, origin):
        """Return the reserved lines of the steps that these goods wait for.

        :param origin: ``stock.move`` that brought goods without a lot
        """
        lines = self.env["stock.move.line"].sudo()
        free = self._qms_filter_allowed()
        if not free:
            return lines
        moves = self.env["stock.move"].sudo().search(free._qms_get_next_domain(origin))
        moves._action_assign()
        keys = {(q.product_id, q.lot_id, q.location_id) for q in free}
        return moves.move_line_ids.filtered(
            lambda line: (line.product_id, line.lot_id, line.location_id) in keys
        )

    def _qms_get_next_domain(self, origin):
        lots = self.lot_id
        came = Domain("move_orig_ids.move_line_ids.lot_id", "in", lots.ids)
        if self.filtered(lambda quant: not quant.lot_id):
            came |= Domain("move_orig_ids", "in", origin.ids)
        return (
            Domain("product_id", "in", self.product_id.ids)
            & Domain("state", "in", OPEN_MOVES)
            & Domain("location_id", "parent_of", self.location_id.ids)
            & Domain("location_dest_id.usage", "=", "internal")
            & Domain("picking_id.picking_type_id.code", "=", "internal")
            & came
        )

    def _qms_filter_allowed(self):
        """Leave out goods that something else still keeps from being put away."""
        goods = [
            Goods(q.product_id, q.lot_id, q.location_id, q.package_id) for q in self
        ]
        answers = self.env["qms.hold"]._qms_gate_reasons(goods, ("put_away",))
        allowed = self.browse()
        for quant, reasons in zip(self, answers, strict=True):
            if not any(reason.policy == "block" for reason in reasons):
                allowed |= quant
        return allowed
