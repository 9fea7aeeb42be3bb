from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

# Where goods are that nobody has received or made yet.
OUTSIDE = ("supplier", "production", "inventory")


class QmsTrace(models.AbstractModel):
    """How much there was of lots, and how much of one is in another."""

    _inherit = "qms.trace"

    @api.model
    def _get_made(self, lot_ids):
        """Return how much of each lot the user's companies received, made or found.

        What came from another company counts where nothing came from outside.

        :return: ``{lot id: quantity}`` in the product's unit
        """
        self.env.cr.execute(
            SQL(
                """SELECT line.lot_id, COALESCE(
                       SUM(line.quantity_product_uom)
                           FILTER (WHERE place.usage IN %(outside)s),
                       SUM(line.quantity_product_uom))
                   FROM stock_move_line AS line
                   JOIN stock_location AS place ON place.id = line.location_id
                   JOIN stock_location AS dest ON dest.id = line.location_dest_id
                   WHERE line.lot_id = ANY(%(lots)s) AND line.state = 'done'
                     AND line.company_id = ANY(%(companies)s)
                     AND dest.usage NOT IN %(outside)s
                     AND (place.usage IN %(outside)s OR (place.usage = 'transit'
                       AND place.company_id IS NULL AND dest.usage = 'internal'))
                   GROUP BY line.lot_id""",
                lots=list(lot_ids),
                companies=self.env.companies.ids,
                outside=OUTSIDE,
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _get_totals(self, lot_ids, links):
        """Return how much there was of each lot, at least what its links used.

        Stock that was there before Odoo was has never come in.
        """
        used = defaultdict(float)
        for link in links:
            used[link["from_lot"]] = max(used[link["from_lot"]], link["quantity"])
        made = self._get_made(lot_ids)
        return {lot: max(made.get(lot, 0), used.get(lot, 0)) for lot in lot_ids}

    @api.model
    def _get_shares(self, roots, links, totals, direction):
        """Return how much of the lots upstream is in those downstream.

        Forward, for each lot the part of the roots that is in it; backward, the part
        of it that is in the roots: 0 to 1. A circle counts once. Nothing forward from
        roots of several products, whose quantities can't be added.
        """
        if direction == "backward":
            return self._get_shares_behind(roots.ids, links, totals)
        if len(roots.product_id) > 1:
            return {}
        return self._get_shares_ahead(roots.ids, links, totals)

    @api.model
    def _get_shares_ahead(self, roots, links, totals):
        """Follow the roots' quantity: a lot passes on what it has of it, in parts."""
        everything = sum(totals[root] for root in roots)
        if not everything:
            return {}
        amounts = defaultdict(
            float, {root: totals[root] / everything for root in roots}
        )
        for source, parts in self._get_ordered(roots, links, "from_lot", "to_lot"):
            for target, quantity in parts.items():
                if totals[source]:
                    amounts[target] += amounts[source] * quantity / totals[source]
        return {lot: min(amount, 1.0) for lot, amount in amounts.items()}

    @api.model
    def _get_shares_behind(self, roots, links, totals):
        """Follow back: of a lot is in the roots what is of all that it went into."""
        shares = defaultdict(float, dict.fromkeys(roots, 1.0))
        for target, parts in self._get_ordered(roots, links, "to_lot", "from_lot"):
            for source, quantity in parts.items():
                if totals[source]:
                    shares[source] += shares[target] * quantity / totals[source]
        return {lot: min(share, 1.0) for lot, share in shares.items()}

    @api.model
    def _get_ordered(self, roots, links, near, far):
        """Yield ``(lot, {next lot: quantity})``, a lot after all that lead to it.

        Links that close a circle are left out.
        """
        parts = defaultdict(lambda: defaultdict(float))
        for link in links:
            if link[near] and link[far] and link[near] != link[far]:
                parts[link[near]][link[far]] += link["quantity"]
        order, done = [], set()
        entered = set()
        for root in roots:
            stack = [(root, False)]
            while stack:
                lot, left = stack.pop()
                if left:
                    entered.discard(lot)
                    done.add(lot)
                    order.append(lot)
                elif lot not in done and lot not in entered:
                    entered.add(lot)
                    stack.append((lot, True))
                    stack += [(other, False) for other in parts.get(lot, ())]
        rank = {lot: number for number, lot in enumerate(reversed(order))}
        for lot in reversed(order):
            yield (
                lot,
                {
                    other: quantity
                    for other, quantity in parts.get(lot, {}).items()
                    if rank[other] > rank[lot]
                },
            )
