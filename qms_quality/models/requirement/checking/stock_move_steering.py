from odoo import models

from .steering import LEAVING, STEPS, Steering


class StockMove(models.Model):
    """Moves reserve what meets their order's requirements."""

    _inherit = "stock.move"

    # -- Which requirements ------------------------------------------------------------

    def _qms_get_steering(self):
        """Return the requirements that say which goods these moves may take.

        :return: ``{move: qms.qrs.document.line}``, in sudo; only moves that have some
        """
        known = self.env.context.get("qms_steering")
        if isinstance(known, Steering) and known.copies.keys() >= set(self._ids):
            found = {move: known.copies[move.id] for move in self}
        else:
            found = self._qms_get_requirements()
        return {
            move: steering
            for move, copies in found.items()
            if (steering := copies.filtered(lambda one: one._qms_get_flow() in LEAVING))
        }

    def _qms_with_steering(self):
        """Return these moves in a context that knows their requirements."""
        if not self.env["qms.qrs.document.line"]._qms_has_copies():
            return self
        found = self._qms_get_requirements()
        copies = self.env["qms.qrs.document.line"].sudo()
        copies.union(*found.values())._qms_read_together()
        steering = Steering({move.id: copies for move, copies in found.items()})
        return self.with_context(qms_steering=steering)

    def _qms_filter_steering(self, copies, types, location):
        """Return those of ``copies`` that goods must meet which this move takes.

        :param types: transaction types that are asked for
        :param location: ``stock.location`` where the goods are
        """
        return copies.filtered(
            lambda copy: self._qms_is_steered(copy._qms_get_flow(), types, location)
        )

    def _qms_is_steered(self, flow, types, location):
        """Tell whether this is the last step of a flow, or its first out of stock.

        Steps between carry what the first has taken, or what came in for the order:
        that must not be stuck at the dock.
        """
        if flow in self._qms_get_types():
            return flow in types
        return (
            (flow in types or STEPS.issuperset(types))
            and not self.move_orig_ids
            # else a step is taken back
            and self.location_id._qms_covers(location)
        )

    # -- Reservation -------------------------------------------------------------------

    def _action_assign(self, force_qty=False):
        moves = self._qms_with_steering()
        return super(StockMove, moves)._action_assign(force_qty=force_qty)

    def _set_quantity(self):
        # core reserves for each of them
        return super(StockMove, self._qms_with_steering())._set_quantity()

    def _set_lot_ids(self):
        return super(StockMove, self._qms_with_steering())._set_lot_ids()

    def _qms_reserving(self):
        """Say which of the goods that are allowed are better, too."""
        move = super()._qms_reserving()
        preferred = self._qms_get_preferred_domain()
        if preferred is self.env.context.get("qms_preferred"):
            return move
        return move.with_context(qms_preferred=preferred)

    def _qms_get_preferred_domain(self):
        """Return the domain of the quants to take first, None where all are alike."""
        copies = self._qms_get_steering().get(self)
        if not copies:
            return None
        copies = self._qms_filter_steering(
            copies, self._qms_get_reservation_types(), self.location_id
        )
        return copies._qms_get_preferred_domain(self._qms_get_own_day(self.date))

    def _qms_get_own_day(self, moment):
        """Return the day of a moment where the goods are; None for no moment."""
        return moment and self._qms_get_day(moment, self.location_id.warehouse_id)
