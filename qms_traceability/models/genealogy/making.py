"""What one document used and made, shared out: who is in whom, and how much of it."""

from collections import defaultdict
from typing import NamedTuple


class Part(NamedTuple):
    """So much of one consumed line is in one of the lots that were made."""

    used: object  # stock.move.line
    made: object  # the first stock.move.line of that lot
    quantity: float
    to_quantity: float
    registered: bool


class Making:
    """The posted lines of a document: what it consumed, and what it made of it.

    :param used: ``stock.move.line`` that were consumed
    :param made: ``stock.move.line`` that came of it
    :param dict registered: ``{(used line's id, made lot's id): quantity}``, of the used
        product's unit; what it leaves of a line is shared by quantity
    """

    def __init__(self, used, made, registered=None):
        self.used = used.filtered(_moves_goods)
        self.made = self._group(made.filtered(_moves_goods))
        self.registered = defaultdict(dict)
        for (line_id, lot_id), quantity in (registered or {}).items():
            self.registered[line_id][lot_id] = quantity

    def _group(self, lines):
        """Return ``{product: {lot: lines}}``."""
        return {
            product: product_lines.grouped("lot_id")
            for product, product_lines in lines.grouped("product_id").items()
        }

    def parts(self):
        """Yield each :class:`Part`. Lines without lots on both sides make none."""
        for lots in self.made.values():
            totals = {
                lot: sum(lines.mapped("quantity_product_uom"))
                for lot, lines in lots.items()
            }
            for used in self.used:
                for lot, quantity, registered in self._share(used, totals):
                    if used.lot_id or lot:
                        made = lots[lot][:1]
                        yield Part(used, made, quantity, totals[lot], registered)

    def _share(self, used, totals):
        """Yield ``(lot, quantity, registered)`` of one consumed line."""
        left = used.quantity_product_uom
        told = self._get_told(used, totals)
        for lot, quantity in told.items():
            yield lot, quantity, True
        left -= sum(told.values())
        if used.product_id.uom_id.compare(left, 0) <= 0:
            return
        everything = sum(totals.values())
        for lot, quantity in totals.items():
            yield lot, left * quantity / everything, False

    def _get_told(self, used, totals):
        """Return what was registered, never more than the line has."""
        told = {
            lot: quantity
            for lot in totals
            if (quantity := self.registered[used.id].get(lot.id, 0)) > 0
        }
        excess = sum(told.values()) / used.quantity_product_uom
        if excess <= 1:
            return told
        return {lot: quantity / excess for lot, quantity in told.items()}


def _moves_goods(line):
    return line.move_id.state == "done" and line.quantity_product_uom > 0
