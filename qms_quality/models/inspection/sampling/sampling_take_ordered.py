from collections import defaultdict

from odoo import models

from .sampling_take import Sample

GONE = ("done", "cancel")


class QmsSamplingPlan(models.Model):
    """Samples of what was ordered, taken of the first goods that arrive."""

    _inherit = "qms.sampling.plan"

    def _take_ordered(self, arrivals, rule):
        """Return pairs of goods and their :class:`Sample`.

        The first receipt of an order line makes the orders: for what arrived and, where
        more has to be taken, one for the remainder. What arrives later shares their
        fate, and makes no other.
        """
        by_source = defaultdict(list)
        for arrival in arrivals:
            by_source[self._get_source(arrival), arrival.product].append(arrival)
        pairs = []
        for (source, product), goods in by_source.items():
            earlier = self._find_ordered(source, product, rule)
            if earlier:
                earlier._join(goods)
            else:
                pairs += self._take_first(source, goods)
        return pairs

    def _get_source(self, arrival):
        """Return what was ordered: a purchase line, a manufacturing order, or the
        transfer of which the others are backorders."""
        # sudo: whoever receives goods need not be allowed to read purchases
        return self._get_move_source(arrival.movements[0].line.move_id.sudo())

    def _get_move_source(self, move):
        """Return what a move brings goods of, as :meth:`_get_source`."""
        source = move.purchase_line_id or move.production_id
        if source:
            return source
        picking = move.picking_id
        while picking.backorder_id:
            picking = picking.backorder_id
        return picking or move

    def _find_ordered(self, source, product, rule):
        """Return the orders that were made for a source, as superuser."""
        name = {
            "purchase.order.line": "purchase_line_id",
            "mrp.production": "production_id",
            "stock.picking": "picking_id",
            "stock.move": "move_id",
        }[source._name]
        sources = source
        if source._name == "stock.picking":
            sources = self._get_backorders(source)
        # sudo: orders that the user may not read exist nevertheless
        return (
            self.env["qms.quality.order"]
            .sudo()
            .search(
                [
                    (name, "in", sources.ids),
                    ("product_id", "=", product.id),
                    ("association_id", "=", rule.id),
                    ("state", "!=", "cancelled"),
                ],
                order="id",
            )
        )

    def _get_backorders(self, picking):
        pickings = found = picking
        while found:
            found = found.backorder_ids - pickings
            pickings |= found
        return pickings

    def _get_coming(self, source, product):
        """Return the moves that are still to bring goods of a source."""
        moves = self.env["stock.move"].sudo()
        if source._name == "purchase.order.line":
            moves = source.move_ids
        elif source._name == "stock.picking":
            moves = self._get_backorders(source).move_ids
        return moves.filtered(
            lambda move: move.product_id == product and move.state not in GONE
        )

    def _get_ordered_quantity(self, source, product):
        """Return how much was ordered, in the product's unit of measure."""
        if source._name == "purchase.order.line":
            unit = source.product_uom_id
            return unit._compute_quantity(source.product_qty, product.uom_id)
        if source._name == "mrp.production":
            return source.product_uom_qty
        if source._name == "stock.move":
            return source.product_qty
        moves = self._get_backorders(source).move_ids.filtered(
            lambda move: move.product_id == product and move.state != "cancel"
        )
        return sum(moves.mapped("product_qty"))

    def _is_more_coming(self, source, arrivals):
        """Tell whether a source brings more than ``arrivals``: not, where the rest
        was cancelled."""
        if source._name != "purchase.order.line":
            return True
        moves = self.env["stock.move"].union(
            *(movement.line.move_id for one in arrivals for movement in one.movements)
        )
        return bool(self._get_coming(source, arrivals[0].product) - moves.sudo())

    def _take_first(self, source, arrivals):
        product = arrivals[0].product
        unit = product.uom_id
        arrived = sum(arrival.quantity for arrival in arrivals)
        ordered = arrived
        if self._is_more_coming(source, arrivals):
            ordered = max(self._get_ordered_quantity(source, product), arrived)
        if self.method == "fixed":
            shares = [min(self.quantity, one.quantity) for one in arrivals]
            left = min(self.quantity, ordered - arrived)
        else:
            total = self._get_sample_quantity(ordered, unit)
            now = min(total, arrived)
            shares = [
                min(self._round_up(now * one.quantity / arrived, unit), one.quantity)
                for one in arrivals
            ]
            left = total - now
        pairs = [
            (arrival, Sample(self, None, share))
            for arrival, share in zip(arrivals, shares, strict=True)
        ]
        if unit.compare(left, 0) > 0:
            remainder = arrivals[0]._replace(quantity=ordered - arrived)
            pairs.append((remainder, Sample(self, None, left, is_remainder=True)))
        return pairs
