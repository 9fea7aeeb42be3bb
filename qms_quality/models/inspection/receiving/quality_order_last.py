from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ...number_text import format_quantity
from ...sentinel import trusted
from ..quality_order_left import UNHELD
from .association import PURCHASING

REPLACE = {"receipt": "replace_purchase", "output": "replace_production"}


class QmsQualityOrder(models.Model):
    """A lot that arrives again: its last quality order counts, where the plan says so.

    Goods without a lot, and serial numbers, always get a new order.
    """

    _inherit = "qms.quality.order"

    @api.model
    def _create_for_arrivals(self, matches):
        plans = self._find_arrival_plans(matches)
        last = self._find_last(matches, plans)
        made, shared = [], []
        for (arrival, rule), plan in zip(matches, plans, strict=True):
            order = self._get_shared(arrival, rule, plan, last)
            if order and not self._needs_another(order, arrival, rule, plan):
                shared.append((order, arrival, rule))
            else:
                made += self._separate(arrival, rule, plan)
        self.browse()._share_arrivals(shared)
        return super()._create_for_arrivals(made)

    @api.model
    def _find_arrival_plans(self, matches):
        """Return the plan in force for each of the goods, empty where there is none."""
        return self.env["qms.quality.plan"]._find(
            [
                (arrival.company, arrival.product, rule.plan_code)
                for arrival, rule in matches
            ]
        )

    # -- The last order ----------------------------------------------------------------

    def _find_last(self, matches, plans):
        """Return the last order of each lot that arrives again, in sudo.

        :return: ``{(company, lot, first version of a test group): order}``: a lot can
            be shared, what another company found of it counts there
        """
        lots = self.env["stock.lot"].union(
            *(
                movement.lot
                for (arrival, _rule), plan in zip(matches, plans, strict=True)
                if plan and arrival.event in REPLACE
                for movement in arrival.movements
                if movement.known
            )
        )
        found = {}
        if not lots:
            return found
        # sudo: whoever receives goods need not be allowed to read their orders
        orders = self.sudo().search(
            Domain("lot_ids", "in", lots.ids)
            & Domain(
                "company_id", "in", [arrival.company.id for arrival, _r in matches]
            )
            & Domain("state", "!=", "cancelled")
            & Domain("event", "not in", list(set(UNHELD) - {"again"})),
            order="id desc",
        )
        for order in orders:
            for lot in order.lot_ids & lots:
                for group in order._get_root_groups():
                    found.setdefault((order.company_id, lot, group), order)
        return found

    def _get_shared(self, arrival, rule, plan, last):
        """Return the order that goods which arrive again share; none, if they get one
        of their own.

        :raise UserError: where the plan does not let them arrive so
        """
        how = plan and REPLACE.get(arrival.event) and plan[REPLACE[arrival.event]]
        lot = arrival.movements[0].lot
        if not how or arrival.product.tracking != "lot" or not lot:
            return self.browse()
        group = rule.test_group_id.root_id or rule.test_group_id
        order = last.get((arrival.company, lot, group), self.browse())
        if how == "location":
            self._check_other_place(arrival)
            return self.browse()
        if how == "reclassify" and order.state not in ("draft", "open"):
            self._check_reclassified(arrival, order)
            return self.browse()
        return order

    # -- Sharing it --------------------------------------------------------------------

    @api.model
    def _share_arrivals(self, shared):
        """Hold goods that arrive again as the last order of their lot holds it.

        :param list shared: of order, :class:`Arrival` and rule
        """
        if not shared:
            return
        holds = self.env["qms.hold"]._search_open(
            self._name, [order.id for order, _arrival, _rule in shared]
        )
        by_order = holds.sudo().grouped("res_id")
        vals_list = []
        for order, arrival, rule in shared:
            present = by_order.get(order.id, holds.sudo().browse())
            vals_list += order._prepare_shared_holds(arrival, present)
            order._take_in(arrival, rule)
        self.env["qms.hold"]._place(vals_list)

    def _prepare_shared_holds(self, arrival, present):
        """Return the holds of goods that arrive again, where none covers them yet."""
        reason = None
        statuses = present.status_id
        if self.state == "validated" and self.verdict == "passed":
            statuses = self._get_passed_statuses()
        elif self.state == "validated":
            statuses, reason = self._get_failed_statuses(), self._get_failure_text()
        covered = {
            (hold.status_id, hold.lot_id, hold.location_id)
            for hold in present
            if not hold.package_id
        }
        places = {(m.product, m.lot, m.location_dest) for m in arrival.movements}
        nowhere = self.env["stock.location"].sudo()
        return [
            {
                **self._prepare_hold_values(status, reason),
                "product_id": product.id,
                "lot_id": lot.id,
                "location_id": place.id,
            }
            for product, lot, place in places
            for status in statuses
            if not covered & {(status, lot, place), (status, lot, nowhere)}
        ]

    def _take_in(self, arrival, rule):
        """Count goods that arrive again, and let tests fall due again for them."""
        source = arrival.movements[0].line
        document = source.move_id.production_id or source.picking_id
        self._message_log(
            body=self.env._(
                "%(quantity)s %(unit)s more of the lot arrived with %(document)s; this"
                " order counts for them.",
                quantity=format_quantity(self.env, arrival.quantity),
                unit=arrival.product.uom_id.name,
                document=document.display_name or source.reference,
            )
        )
        if self.state in ("draft", "open"):
            self._add_sequences(self._get_due_again(arrival, rule))
            trusted(self.sudo()).quantity += arrival.quantity

    def _get_due_again(self, arrival, rule):
        """Return how often tests fall due again for goods that come to this order."""
        total = self.quantity + arrival.quantity
        return (
            rule._get_sequences(arrival.product, total) - self.sequence_count
            if rule._get_interval(arrival.product)
            else 0
        )

    # -- Orders of their own -----------------------------------------------------------

    def _needs_another(self, order, arrival, rule, plan):
        """Tell whether tests fall due again on an order of their own."""
        return (
            order.state in ("draft", "open")
            and order._get_due_again(arrival, rule) > 0
            and self._get_frequency(arrival, plan) == "separate"
        )

    @api.model
    def _get_frequency(self, arrival, plan):
        """Return how tests fall due again: ``sequence`` or ``separate``."""
        name = "frequency_production"
        if arrival.event in PURCHASING:
            name = "frequency_purchase"
        basis = plan[name] if plan else "inherit"
        if basis != "inherit":
            return basis
        # sudo: whoever receives goods need not be allowed to read operation types
        move = arrival.movements[0].line.move_id.sudo()
        kind = move.production_id.picking_type_id or move.picking_type_id
        return kind.qms_frequency or "sequence"

    def _separate(self, arrival, rule, plan):
        """Return pairs of the goods of an order each, and their rule."""
        interval = rule._get_interval(arrival.product)
        times = rule._get_sequences(arrival.product, arrival.quantity)
        if times == 1 or self._get_frequency(arrival, plan) != "separate":
            return [(arrival, rule)]
        if arrival.product.tracking == "serial":
            return [(part, rule) for part in _chunk(arrival, max(int(interval), 1))]
        rest = arrival.quantity - interval * (times - 1)
        parts = [*[interval] * (times - 1), rest]
        return [(arrival._replace(quantity=part), rule) for part in parts]


def _chunk(arrival, size):
    """Return serial numbers that arrived together in groups of a size."""
    groups = defaultdict(list)
    for number, movement in enumerate(arrival.movements):
        groups[number // size].append(movement)
    return [
        movements[0].line._qms_prepare_arrival(movements)
        for movements in groups.values()
    ]
