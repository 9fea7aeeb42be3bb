from odoo import models

from .sampling_take import Sample


class QmsSamplingPlan(models.Model):
    """Full packages: the first, then every nth."""

    _inherit = "qms.sampling.plan"

    def _take_packages(self, arrivals):
        """Return pairs of goods and their :class:`Sample`, which is a package.

        A package that is taken stands for those up to the next. Goods without a package
        count as one. Counted anew for each document, and for each product where the
        plan says so; packages of another product than the last one taken stand alone,
        and are not inspected.
        """
        pairs, seen = [], {}
        for arrival in arrivals:
            key = self._get_package_count_key(arrival)
            place = seen[key] = seen.get(key, -1) + 1
            if place % self.package_nth == 0:
                package = arrival.movements[0].package_dest
                sample = Sample(self, None, arrival.quantity, package=package)
                pairs.append((arrival, sample))
            elif pairs and self._goes_with(arrival, pairs[-1][0]):
                pairs[-1] = (self._merge(pairs[-1][0], arrival), pairs[-1][1])
        return pairs

    def _get_package_count_key(self, arrival):
        line = arrival.movements[0].line
        document = line.move_id.production_id or line.picking_id or line.move_id
        return (document, arrival.product) if self.package_per_product else document

    def _goes_with(self, arrival, taken):
        own, other = arrival.movements[0].line, taken.movements[0].line
        return arrival.product == taken.product and own.picking_id == other.picking_id

    def _merge(self, taken, arrival):
        return taken._replace(
            movements=[*taken.movements, *arrival.movements],
            quantity=taken.quantity + arrival.quantity,
            places=taken.places | arrival.places,
        )
