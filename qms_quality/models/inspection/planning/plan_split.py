from math import ceil

from odoo import api, models

# one arrival makes no more orders than people can look through
MAX_ORDERS = 1000


class QmsQualityPlan(models.Model):
    """How arriving goods are shared out over quality orders."""

    _inherit = "qms.quality.plan"

    @api.model
    def _split(self, matches):
        """Share out the goods that rules inspect, as the plan in force says.

        Goods that a sample is taken of stay together, as their sampling plan has them.

        :param list matches: pairs of :class:`Arrival` and the rule, in sudo
        :return: pairs like these, in the same order
        """
        if not matches or not self._is_used():
            return matches
        plans = self._find(
            [
                (arrival.company, arrival.product, rule.plan_code)
                for arrival, rule in matches
            ]
        )
        return [
            (part, rule)
            for (arrival, rule), plan in zip(matches, plans, strict=True)
            for part in (plan._share(arrival) if plan else [arrival])
        ]

    def _share(self, arrival):
        """Return an arrival as the arrivals that have an order each."""
        self.ensure_one()
        if arrival.sample:
            return [arrival]
        if self.order_level == "location":
            return self._share_by_location(arrival)
        maximum = self._get_max_quantity(arrival.product)
        if (
            not maximum
            or arrival.product.uom_id.compare(arrival.quantity, maximum) <= 0
        ):
            return [arrival]
        if arrival.product.tracking == "serial":
            return self._share_serials(arrival, maximum)
        return self._share_quantity(arrival, maximum)

    def _share_by_location(self, arrival):
        line = arrival.movements[0].line
        by_place = {}
        for movement in arrival.movements:
            by_place.setdefault(movement.location_dest, []).append(movement)
        return [line._qms_prepare_arrival(some) for some in by_place.values()]

    def _get_max_quantity(self, product):
        """Return the most that one order is about, in the product's unit; 0, where
        there is no limit."""
        unit = self.max_uom_id
        if not product.qms_package_managed or not self.max_quantity:
            return 0
        if not unit._has_common_reference(product.uom_id):
            return 0
        return unit._compute_quantity(self.max_quantity, product.uom_id, round=False)

    def _share_serials(self, arrival, maximum):
        size = max(int(maximum), 1)
        line, movements = arrival.movements[0].line, arrival.movements
        return [
            line._qms_prepare_arrival(movements[start : start + size])
            for start in range(0, len(movements), size)
        ]

    def _share_quantity(self, arrival, maximum):
        # a conversion leaves noise: 3 x 1000 g are no more than 3 kg
        number = min(ceil(round(arrival.quantity / maximum, 6)), MAX_ORDERS)
        rest = arrival.quantity - maximum * (number - 1)
        parts = [*[maximum] * (number - 1), rest]
        return [arrival._replace(quantity=part) for part in parts]
