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
        found = moves.move_line_ids.filtered(lambda line: free._qms_find(line))
        return found | free._qms_reserve_missing(moves, found)

    def _qms_find(self, line):
        """Return the goods of a reserved line."""
        return self.filtered(
            lambda quant: (
                quant.product_id == line.product_id
                and quant.lot_id == line.lot_id
                and quant.location_id == line.location_id
            )
        )

    def _qms_reserve_missing(self, moves, found):
        """Reserve what was split off its lot, which the step does not know."""
        lines = found.browse()
        for quant in self.filtered("lot_id.parent_lot_id"):
            if any(quant in self._qms_find(line) for line in found):
                continue
            unit = quant.product_uom_id
            for move in moves.filtered(lambda one, q=quant: one._qms_waits_at(q)):
                left = min(quant.available_quantity, move.product_qty - move.quantity)
                if unit.compare(left, 0) > 0:
                    lines |= lines.create(
                        move._prepare_move_line_vals(left, reserved_quant=quant)
                    )
        return lines

    def _qms_get_next_domain(self, origin):
        lots = parents = self.lot_id
        while parents := parents.parent_lot_id:
            lots |= parents
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
