from collections import defaultdict

from odoo import models

from ..gate.transaction import INSIDE
from .arrival import Arrival
from .event import ARRIVING


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _prepare_new_lot_vals(self):
        vals = super()._prepare_new_lot_vals()
        if self.tracking == "serial" and not vals.get("qms_batch"):
            vals["qms_batch"] = self._qms_get_batch()
        return vals

    def _qms_get_batch(self):
        """Return the batch of the serial numbers that this line brings."""
        self.ensure_one()
        source = self.move_id.production_id or self.picking_id
        return source.name or self.reference

    def _qms_after_posting(self, movements):
        arriving = self._qms_get_inspectable(movements)
        self._qms_set_batches(arriving)
        res = super()._qms_after_posting(movements)
        self._qms_make_orders(self._qms_get_arrivals(arriving))
        return res

    def _qms_get_inspectable(self, movements):
        """Return the movements that raise an event, once for each that they raise."""
        return [
            movement._replace(arrival=event)
            for movement in movements
            for event in self._qms_get_events(movement)
        ]

    def _qms_get_events(self, movement):
        """Return the events that a posted movement raises. Extension point."""
        events = {movement.arrival} & ARRIVING
        zone = movement.location_dest.qms_zone_id
        # what a subcontractor made comes from a place inside, and is received
        is_inside = movement.location.usage in INSIDE and not movement.arrival
        if zone.qms_zone == "quarantine" and zone != movement.location.qms_zone_id:
            events.add("quarantine")
        elif is_inside and movement.line.picking_id and movement.types:
            if movement.location_dest.usage in INSIDE:
                events.add("transfer_done")
        return sorted(events)

    def _qms_prepare_first_holds(self, arrivals, rules):
        """Leave out what an inspection of the same goods holds in the same status.

        Both holds would be released apart, and goods that passed would stay held.
        """
        vals_list = super()._qms_prepare_first_holds(arrivals, rules)
        waiting = self.env["qms.quality.order"]._get_waiting_status()
        if waiting not in rules.status_id:
            return vals_list
        inspected = self._qms_get_inspected(arrivals)
        return [
            vals
            for vals in vals_list
            if vals["date_term"]
            or vals["status_id"] != waiting.id
            or (vals["product_id"], vals["lot_id"], vals["location_id"])
            not in inspected
        ]

    def _qms_get_inspected(self, movements):
        """Return the goods that get a quality order, as (product, lot, place)."""
        arrivals = self._qms_get_arrivals(self._qms_get_inspectable(movements))
        rules = self.env["qms.quality.association"]._match(arrivals)
        orders = self.env["qms.quality.order"]
        return {
            (goods["product_id"], goods["lot_id"], goods["location_id"])
            for arrival, matching in zip(arrivals, rules, strict=True)
            if matching
            for goods in orders._get_arrival_goods(arrival)
        }

    def _qms_set_batches(self, movements):
        """Give new serial numbers that have no batch the one they came in with."""
        lots_by_batch = defaultdict(self.env["stock.lot"].browse)
        for movement in movements:
            is_new = movement.product.tracking == "serial" and not movement.known
            if is_new and not movement.lot.qms_batch:
                lots_by_batch[movement.line._qms_get_batch()] |= movement.lot
        for batch, lots in lots_by_batch.items():
            # sudo: who posts a production need not be allowed to write lots
            lots.sudo().qms_batch = batch

    def _qms_get_arrivals(self, movements):
        """Return what is inspected together: a lot, the serial numbers of a receipt
        line that share a batch, or what came without a lot on a receipt line."""
        grouped = defaultdict(list)
        for movement in movements:
            grouped[self._qms_get_arrival_key(movement)].append(movement)
        return [self._qms_prepare_arrival(group) for group in grouped.values()]

    def _qms_get_arrival_key(self, movement):
        move = movement.line.move_id
        document = move.production_id or movement.line.picking_id or move
        key = (movement.arrival, movement.product, document)
        if not movement.lot:
            return (*key, move)
        if movement.product.tracking == "serial":
            return (*key, move, movement.lot.qms_batch)
        return (*key, movement.lot)

    def _qms_prepare_arrival(self, movements):
        first = movements[0]
        places = self.env["stock.location"]
        return Arrival(
            event=first.arrival,
            product=first.product,
            movements=movements,
            quantity=sum(movement.quantity for movement in movements),
            partner=first.line._qms_partner(),
            places=places.union(*(movement.location_dest for movement in movements)),
            company=first.line.company_id,
        )

    def _qms_make_orders(self, arrivals):
        """Make the quality orders that the rules ask for."""
        rules = self.env["qms.quality.association"]._match(arrivals)
        return self.env["qms.quality.order"]._create_for_arrivals(
            [
                (arrival, rule)
                for arrival, matching in zip(arrivals, rules, strict=True)
                for rule in matching
            ]
        )
