from odoo import api, models
from odoo.fields import Domain

from ...gate.transaction import as_types


class StockQuant(models.Model):
    """What reservation may take for an order with requirements, and takes first."""

    _inherit = "stock.quant"

    @api.model
    def _qms_gate_domain(
        self, type, *, product, location, move=None, partner=None, date=None
    ):
        gate = super()._qms_gate_domain(
            type,
            product=product,
            location=location,
            move=move,
            partner=partner,
            date=date,
        )
        copies = move and move._qms_get_steering().get(move)
        if not copies:
            return gate
        copies = move._qms_filter_steering(copies, as_types(type), location)
        return gate & copies._qms_get_strict_domain(move._qms_get_own_day(date))

    def _gather(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        qty=0,
    ):
        """Put what meets more of the requirements first, else in the order of removal.

        Only where quants are picked, which is what a quantity is given for.
        """
        goods = (product_id, location_id, lot_id, package_id, owner_id, strict)
        quants = super()._gather(*goods, qty=qty)
        preferred = self.env.context.get("qms_preferred")
        if qty <= 0 or len(quants) < 2 or not isinstance(preferred, Domain):
            return quants
        domain = self._get_gather_domain(*goods) & preferred
        first = set(self._search(domain).get_result_ids())
        # in two parts, each in the order of removal
        return quants.browse(
            [one for one in quants._ids if one in first]
            + [one for one in quants._ids if one not in first]
        )

    def _run_least_packages_removal_strategy_astar(self, domain, qty):
        """Open no package of what is second best while the best would do."""
        preferred = self.env.context.get("qms_preferred")
        if not isinstance(preferred, Domain):
            return super()._run_least_packages_removal_strategy_astar(domain, qty)
        best = Domain(domain) & preferred
        missing = qty - self._qms_sum_free(best)
        if missing <= 0:
            return super()._run_least_packages_removal_strategy_astar(best, qty)
        others = Domain(domain) & ~preferred
        return best | super()._run_least_packages_removal_strategy_astar(
            others, missing
        )

    @api.model
    def _qms_sum_free(self, domain):
        ((quantity, reserved),) = self._read_group(
            domain, [], ["quantity:sum", "reserved_quantity:sum"]
        )
        return quantity - reserved
