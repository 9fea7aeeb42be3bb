from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.qms_quality.models.requirement.card.goods_facts import GoodsFacts
from odoo.addons.qms_quality.models.requirement.checking.steering import Steering


class StockMove(models.Model):
    """Deliveries for which no card says what shelf life must be left.

    There the product's sales minimum counts, where the company has said what happens
    to goods that don't meet it.
    """

    _inherit = "stock.move"

    def _qms_get_minimum_departures(self):
        """Return what the sales minimum does to these moves' goods.

        No query more for moves of products without expiration dates, nor where the
        company has chosen nothing.

        :return: ``{move: "blocked" or "recorded"}``, only of those it is asked for
        """
        asked = self.filtered(lambda move: move._qms_asks_minimum())
        required = asked._qms_get_known_requirements()
        return {
            move: move.company_id.sudo().qms_sales_minimum
            for move in asked
            if not required[move].criterion_ids._qms_asks_shelf_life()
        }

    def _qms_get_known_requirements(self):
        """Return what is required of these moves, as it was read before reserving."""
        known = self.env.context.get("qms_steering")
        if isinstance(known, Steering) and known.copies.keys() >= set(self._ids):
            return {move: known.copies[move.id] for move in self}
        return self._qms_get_requirements()

    def _qms_asks_minimum(self):
        return (
            self.product_id.use_expiration_date
            # sudo: a setting, for everyone
            and self.company_id.sudo().qms_sales_minimum
            and "delivery" in self._qms_get_reservation_types()
        )

    @api.model
    def _qms_judge_minimum(self, asked):
        """Judge goods by the sales minimum of their product.

        :param list asked: of ``(departure, Goods, day)``, the day on which they move
        :return: list of :class:`Judgement`, None for what has no minimum
        """
        alike, criteria, judged = defaultdict(dict), {}, []
        for departure, goods, day in asked:
            alike[day][goods] = None
            key = goods.product, departure
            if key not in criteria:
                criteria[key] = goods.product._qms_get_sales_minimum(departure)
        facts = {
            day: GoodsFacts(self.env, some, date=day) for day, some in alike.items()
        }
        for departure, goods, day in asked:
            minimum = criteria[goods.product, departure]
            judged += minimum._qms_judge(facts[day].part_of([goods])).values() or [None]
        return judged

    # -- Reservation -------------------------------------------------------------------

    def _qms_get_minimum_domain(self, departure, date):
        """Return the domain of the stock that meets this move's sales minimum."""
        criterion = self.product_id._qms_get_sales_minimum(departure)
        day = self._qms_get_own_day(date)
        return criterion._qms_get_quant_domain(date=day) if criterion else Domain.TRUE

    def _qms_get_preferred_domain(self):
        preferred = super()._qms_get_preferred_domain()
        if self._qms_get_minimum_departures().get(self) != "recorded":
            return preferred
        minimum = self._qms_get_minimum_domain("recorded", self.date)
        return minimum if preferred is None else preferred & minimum

    def _qms_filter_gated(self):
        """Look for shortages of what the sales minimum refuses, too."""
        departures = self._qms_get_minimum_departures()
        return super()._qms_filter_gated() | self.filtered(
            lambda move: departures.get(move) == "blocked"
        )
