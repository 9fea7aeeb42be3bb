from collections import defaultdict, namedtuple

from odoo import models
from odoo.fields import Domain

from ..number_text import format_quantity
from .transaction import INSIDE

# A move that lacks goods although held ones are at its source. Quantities are in the
# product's unit of measure; ``reasons`` are those that refuse the goods. What no hold
# refuses is not ``held`` but in ``others``: ``{why in a few words: free quantity}``.
Shortage = namedtuple("Shortage", "move needed available held reasons others")


class StockMove(models.Model):
    """What a move lacks because its goods are held."""

    _inherit = "stock.move"

    def _qms_get_shortages(self):
        """Return which moves are short of allowed goods while held ones are there.

        A plain shortage is none of these. Four queries at most, however many moves;
        one where nothing of these products is held.

        :return: list of :class:`Shortage`
        """
        # sudo: all stock at the source counts, whoever asks
        moves = self.sudo()
        # in one query, as what follows asks for both
        (moves.location_id | moves.location_dest_id).mapped("usage")
        moves = moves.filtered(lambda move: move._qms_may_lack())
        gated = moves._qms_filter_gated()
        if not gated:
            return []
        backed = gated._qms_get_backed()
        short = gated.filtered(lambda move: move._qms_lacks(backed[move]))
        return short._qms_compare_stock(backed) if short else []

    def _qms_may_lack(self):
        self.ensure_one()
        return (
            self.state not in ("done", "cancel")
            and self.product_id.is_storable
            and self.location_id.usage in INSIDE
            and self.product_uom.compare(self.product_uom_qty, 0) > 0
        )

    def _qms_lacks(self, available):
        return self.product_id.uom_id.compare(available, self.product_qty) < 0

    def _qms_filter_gated(self):
        """Leave out the moves of products that nothing holds."""
        types = {name for move in self for name in move._qms_get_reservation_types()}
        gated = self.env["qms.hold"]._qms_get_gated_products(self.product_id, types)
        return self.filtered(lambda move: move.product_id in gated)

    def _qms_get_chain(self):
        """Return this move with the open ones that bring its goods."""
        self.ensure_one()
        chain, origins = self, self.move_orig_ids
        while origins := (origins - chain).filtered(
            lambda move: move.state not in ("done", "cancel")
        ):
            chain |= origins
            origins = origins.move_orig_ids
        return chain

    # -- What a move has already ------------------------------------------------------

    def _qms_get_backed(self):
        """Return how much each move has reserved of goods that are really there.

        Core lets a line take more than there is; that much is not reserved.
        """
        lines = {move: move._qms_get_chain().move_line_ids for move in self}
        stock = self.env["stock.quant"].search_fetch(
            self._qms_get_line_domain(self.move_line_ids.union(*lines.values())),
            ["product_id", "location_id", "lot_id", "package_id", "quantity"],
        )
        on_hand = defaultdict(float)
        for quant in stock:
            on_hand[quant._qms_get_key()] += quant.quantity
        return {
            move: sum(
                min(line.quantity_product_uom, on_hand[line._qms_get_key()])
                for line in lines[move]
            )
            for move in self
        }

    def _qms_get_line_domain(self, lines):
        return (
            Domain("product_id", "in", lines.product_id.ids)
            & Domain("location_id", "in", lines.location_id.ids)
            & Domain("lot_id", "in", [False, *lines.lot_id.ids])
            & Domain("quantity", ">", 0)
        )

    # -- What else is at its source ---------------------------------------------------

    def _qms_compare_stock(self, backed):
        sources = {move: move._qms_get_chain().location_id for move in self}
        quants = self.env["stock.quant"].search_fetch(
            self._qms_get_source_domain(self.location_id.union(*sources.values())),
            [
                "product_id",
                "location_id",
                "lot_id",
                "package_id",
                "quantity",
                "reserved_quantity",
            ],
        )
        pool, shortages = {}, []
        for moves in self._qms_group_for_gate():
            blocks, keys = quants._qms_get_blocks(moves), moves._qms_get_gate_keys()
            for move in moves:
                shortages += move._qms_measure(
                    sources[move], blocks[keys[move]], backed[move], pool
                )
        return shortages

    def _qms_get_source_domain(self, sources):
        return (
            Domain("product_id", "in", self.product_id.ids)
            & Domain("location_id", "child_of", sources.ids)
            & Domain("quantity", ">", 0)
        )

    def _qms_group_for_gate(self):
        """Return the moves in groups that the gate is asked for in one call."""
        return self.grouped(
            lambda move: (move._qms_get_reservation_types(), move._qms_get_partner())
        ).values()

    def _qms_get_gate_keys(self):
        """Return what the gate's answer depends on beside types and partner.

        What refuses goods for some moves and not for others has a key for each.

        :return: ``{move: key}``
        """
        return dict.fromkeys(self)

    def _qms_measure(self, sources, blocks, backed, pool):
        """Return the shortage of this move in a list, empty if it lacks nothing.

        :param dict blocks: ``{quant: [GateReason]}``
        :param dict pool: what is free of each quant, less what other moves took here
        """
        self.ensure_one()
        available, held, others, why = backed, 0.0, defaultdict(float), []
        for quant, reasons in blocks.items():
            if quant.product_id != self.product_id or not any(
                place._qms_covers(quant.location_id) for place in sources
            ):
                continue
            free = pool.setdefault(
                quant, max(quant.quantity - quant.reserved_quantity, 0.0)
            )
            why += [reason for reason in reasons if reason not in why]
            if any(reason.hold for reason in reasons):
                held += quant.quantity
            elif reasons:
                others[self._qms_get_short_reason(reasons)] += free
            else:
                taken = min(free, max(self.product_qty - available, 0.0))
                pool[quant] -= taken
                available += taken
        others = {text: free for text, free in others.items() if free}
        if not (held or others) or not self._qms_lacks(available):
            return []
        return [Shortage(self, self.product_qty, available, held, why, others)]

    def _qms_get_short_reason(self, reasons):
        """Return in a few words what other than a hold refuses goods."""
        return ", ".join(reason.text for reason in reasons)

    # -- For people -------------------------------------------------------------------

    def _qms_get_shortage_text(self, shortage):
        """Return one line: what is available, and what is held."""
        uom = shortage.move.product_id.uom_id
        return self.env._(
            "%(product)s: %(available)s %(uom)s available, %(held)s %(uom)s held"
            " (%(needed)s %(uom)s needed)",
            product=shortage.move.product_id.display_name,
            available=format_quantity(self.env, shortage.available),
            held=format_quantity(self.env, shortage.held),
            needed=format_quantity(self.env, shortage.needed),
            uom=uom.name,
        )

    def _qms_get_shortage_rows(self, shortages):
        """Return the lines of a refusal: each shortage with what holds the goods."""
        rows = []
        for shortage in shortages:
            rows.append(self._qms_get_shortage_text(shortage))
            rows += [
                f"    {self.move_line_ids._qms_get_reason_text(reason)}"
                for reason in shortage.reasons
            ]
        return "\n".join(rows)
