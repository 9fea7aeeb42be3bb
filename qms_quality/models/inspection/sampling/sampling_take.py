from collections import defaultdict
from typing import NamedTuple

from odoo import api, models

from ...sentinel import trusted
from .sampling_counter import is_drawn


class Sample(NamedTuple):
    """What is taken of goods that arrived.

    ``quantity`` is in the product's unit of measure; ``is_remainder`` tells that it is
    taken of what is still to come; ``package`` is the one that is taken whole.
    """

    plan: object
    level: object
    quantity: float
    is_remainder: bool = False
    package: object = None


class QmsSamplingPlan(models.Model):
    """What is taken of goods that arrive."""

    _inherit = "qms.sampling.plan"

    @api.model
    def _take(self, matches):
        """Say for each of the goods that rules inspect, how much of them is taken.

        A rule's goods are split as its plan says. Goods that a plan lets pass are left
        out; those of rules without a plan stay as they are.

        :param list matches: pairs of :class:`Arrival` and the rule, in sudo
        :return: pairs like these; an :class:`Arrival` may have its :class:`Sample`
        """
        levels = self.env["qms.sampling.ladder"]._get_levels(matches)
        taken, planned = [], defaultdict(list)
        for arrival, rule in matches:
            level = levels.get((rule, *arrival.get_partner_key()))
            plan = level.sampling_plan_id if level else rule.sampling_plan_id
            if plan:
                planned[rule, plan, level].append(arrival)
            else:
                taken.append((arrival, rule))
        for (rule, plan, level), arrivals in planned.items():
            taken += [(one, rule) for one in plan._take_of(arrivals, rule, level)]
        return taken

    def _take_of(self, arrivals, rule, level):
        """Return what is inspected of goods that one rule inspects by this plan."""
        self.ensure_one()
        arrivals = self._split(arrivals)
        counts = self._count(arrivals)
        arrivals = self._skip(arrivals, counts)
        if self.method == "package":
            pairs = self._take_packages(arrivals)
        elif self.basis == "ordered":
            pairs = self._take_ordered(arrivals, rule)
        else:
            pairs = self._take_received(arrivals, counts)
        return [
            arrival._replace(sample=sample._replace(plan=self, level=level))
            for arrival, sample in pairs
            if not arrival.product.uom_id.is_zero(sample.quantity)
        ]

    # -- Splitting ---------------------------------------------------------------------

    def _split(self, arrivals):
        """Return the goods as they are inspected together."""
        grouped = defaultdict(list)
        for arrival in arrivals:
            for movement in arrival.movements:
                grouped[self._get_split_key(movement)].append(movement)
        return [
            movements[0].line._qms_prepare_arrival(movements)
            for movements in grouped.values()
        ]

    def _get_split_key(self, movement):
        key = movement.line._qms_get_arrival_key(movement)
        tracking = movement.product.tracking
        if tracking == "lot" and not self.split_lot:
            # event, product and document
            key = key[:3]
        if tracking == "serial" and self.split_serial:
            key = (*key, movement.lot)
        return (*key, movement.package_dest) if self.split_package else key

    # -- Counting across receipts ------------------------------------------------------

    def _count(self, arrivals):
        """Count these goods; return where the counters stood before."""
        if self.skip_lot <= 1 and self.method != "every_n":
            return {}
        increments = defaultdict(lambda: (0.0, 0))
        for arrival in arrivals:
            key = self._get_counter_key(arrival)
            quantity, lots = increments[key]
            increments[key] = (quantity + arrival.quantity, lots + 1)
        return self.env["qms.sampling.counter"]._advance(dict(increments))

    def _get_counter_key(self, arrival):
        return (self.id, *arrival.get_partner_key())

    def _skip(self, arrivals, counts):
        """Return the goods that skip-lot sampling inspects; keep a row of each."""
        if self.skip_lot <= 1:
            return arrivals
        numbers, kept, rows = defaultdict(int), [], []
        for arrival in arrivals:
            key = self._get_counter_key(arrival)
            numbers[key] += 1
            number = counts[key].lots + numbers[key]
            inspected = is_drawn(counts[key].seed, number, self.skip_lot)
            rows.append(self._prepare_skip(arrival, counts[key], number, inspected))
            if inspected:
                kept.append(arrival)
        # sudo: whoever receives goods lets the lots pass that were not drawn
        trusted(self.env["qms.sampling.skip"].sudo()).create(rows)
        return kept

    def _prepare_skip(self, arrival, count, number, is_inspected):
        first = arrival.movements[0]
        return {
            "counter_id": count.counter_id,
            "number": number,
            "one_in": self.skip_lot,
            "is_inspected": is_inspected,
            "lot_id": first.lot.id,
            "picking_id": first.line.picking_id.id,
            "quantity": arrival.quantity,
        }

    # -- Of what is received -----------------------------------------------------------

    def _take_received(self, arrivals, counts):
        """Return pairs of goods and their :class:`Sample`."""
        received = {key: count.received for key, count in counts.items()}
        pairs = []
        for arrival in arrivals:
            unit = arrival.product.uom_id
            if self.method == "every_n":
                key = self._get_counter_key(arrival)
                quantity = self._get_due_quantity(received[key], arrival.quantity, unit)
                received[key] += arrival.quantity
            else:
                quantity = self._get_sample_quantity(arrival.quantity, unit)
            pairs.append((arrival, Sample(self, None, quantity)))
        return pairs
