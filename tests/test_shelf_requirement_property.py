"""Random dates and demands: the judge, its twin in SQL, and an independent model."""

from datetime import date, datetime, time, timedelta
from fractions import Fraction

import hypothesis.strategies as st
from freezegun import freeze_time
from hypothesis import HealthCheck, given, seed, settings

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.qms_quality.models.gate.transaction import Goods
from odoo.addons.qms_quality.models.requirement.card.goods_facts import GoodsFacts
from odoo.addons.qms_shelf_life.tests.common_minimum import MinimumCase

from .shelf_requirement_model import add, judge_life, judge_order
from .timecap import rounds

# Neither puts its clocks forward.
ZONES = {"west": ("Pacific/Honolulu", -10), "east": ("Pacific/Kiritimati", 14)}
NAMES = [f"R-{n}" for n in range(5)]
FIRST = datetime(2027, 12, 28, 3)
ARRIVALS = [FIRST - timedelta(days=40, hours=7 * n) for n in range(5)]

days = st.integers(0, 70).map(lambda n: date(2027, 12, 28) + timedelta(days=n))
# about the hours at which days begin in the two zones, in UTC
hours = st.sampled_from([0, 9.999, 10, 13, 23.5])
terms = st.one_of(
    st.tuples(st.tuples(st.integers(0, 40), st.just("D"))),
    st.tuples(st.tuples(st.integers(0, 3), st.sampled_from("WMY"))),
    st.tuples(
        st.tuples(st.integers(0, 3), st.just("M")),
        st.tuples(st.integers(-9, 9), st.just("D")),
    ),
    st.tuples(
        st.tuples(st.just(1), st.just("E")),
        st.tuples(st.integers(0, 9), st.just("D")),
    ),
)
demands = st.one_of(
    st.tuples(st.sampled_from(["remaining", "age"]), terms),
    st.tuples(st.just("percent"), st.integers(1, 800).map(lambda n: Fraction(n, 8))),
)
histories = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from([3, 2, -1, -2, -3])), max_size=5
)


@st.composite
def cases(draw):
    """Draw demands, the dates of the lots, the day, and what a partner got before.

    Most dates are about those that decide.
    """
    asked = draw(st.lists(demands, min_size=1, max_size=3))
    day = draw(days)
    lots = {
        name: draw(dates(draw(st.sampled_from(asked)), day, arrival))
        for name, arrival in zip(NAMES, ARRIVALS, strict=True)
    }
    return asked, lots, day, draw(histories)


@st.composite
def dates(draw, asked, day, arrival):
    """Draw the dates of a lot, about the edge of one of the demands."""
    basis, wanted = asked
    more = timedelta(days=draw(st.integers(-2, 2)))
    if basis == "percent":
        production = day - timedelta(days=draw(st.integers(0, 60)))
        # left / (left + gone) = percent, as far as there is such a day
        gone = (day - production).days
        left = int(gone * wanted / (100 - wanted)) if wanted < 100 else 10
        expiry = day + timedelta(days=left) + more
    else:
        length = add(day, wanted) - day
        production, expiry = day - length + more, day + length + more
    moment = datetime.combine(expiry, time.min) + timedelta(hours=draw(hours))
    return {
        "expiry": draw(st.sampled_from([moment, moment, moment, None])),
        "production": draw(st.sampled_from([production, production, None])),
        "arrival": arrival,
    }


@tagged("post_install", "-at_install")
class TestShelfRequirementProperty(MinimumCase):
    """See the module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        east = cls.env["stock.warehouse"].create({"name": "East", "code": "EASTW"})
        cls.stocks = {"west": cls.stock, "east": east.lot_stock_id}
        for name, warehouse in (("west", cls.warehouse), ("east", east)):
            tz = ZONES[name][0]
            warehouse.partner_id = cls.env["res.partner"].create(
                {"name": name, "tz": tz}
            )
        lots = {}
        for name, arrival in zip(NAMES, ARRIVALS, strict=True):
            with freeze_time(arrival):
                lots[name] = cls._receive_lots(cls._buy(5, cls.milk), {name: 5})
            cls._stock_up(5, lots[name], cls.stocks["east"])
        cls.some_lots = lots
        cls.pickings = {
            kind: cls._picking(kind, 9, product=cls.milk, partner_id=cls.fresh.id)
            for kind in ("outgoing", "incoming")
        }
        cls.pickings["incoming"].move_ids.location_id = cls.customer

    def test_judge_and_twin_agree_with_the_model(self):
        examples = settings(suppress_health_check=list(HealthCheck))
        for number in rounds(20):
            seed(number)(examples(given(cases())(self._check)))()

    def _check(self, case):
        asked, lots, day, history = case
        # undone after each example
        with self.env.cr.savepoint() as savepoint:
            self._set_dates(lots)
            self._deliver(history)
            copy = self._make_copy(asked)
            self.env.flush_all()
            self.env.invalidate_all()
            self._compare(asked, lots, day, history, copy)
            savepoint.rollback()
        self.env.invalidate_all()

    def _set_dates(self, lots):
        for name, dates in lots.items():
            self.some_lots[name].write(
                {
                    "qms_production_date": dates["production"],
                    "expiration_date": dates["expiry"],
                }
            )

    def _deliver(self, history):
        """Write down deliveries and returns, as if they had been posted."""
        for name, quantity in history:
            picking = self.pickings["outgoing" if quantity > 0 else "incoming"]
            values = {
                "product_id": self.milk.id,
                "product_uom_id": self.milk.uom_id.id,
                "company_id": self.company.id,
                "lot_id": self.some_lots[name].id,
                "picking_id": picking.id,
                "move_id": picking.move_ids.id,
                "location_id": picking.move_ids.location_id.id,
                "location_dest_id": picking.move_ids.location_dest_id.id,
                "quantity": abs(quantity),
                "quantity_product_uom": abs(quantity),
                "state": "done",
                "date": FIRST - timedelta(days=5),
            }
            self.env.cr.execute(
                SQL(
                    "INSERT INTO stock_move_line (%s) VALUES %s",
                    SQL(", ").join(map(SQL.identifier, values)),
                    tuple(values.values()),
                )
            )

    def _make_copy(self, asked):
        """Return what an order line asks for: these demands, and no way back."""
        self._card_of(
            self.fresh, *(self._prepare(*one) for one in asked), {"kind": "fefo"}
        )
        order = self._quote(1, product=self.milk).sudo()
        return order.order_line.qms_requirement_ids

    def _prepare(self, basis, wanted):
        if basis == "percent":
            return self._percent(float(wanted))
        return self._left(_write(wanted), basis=basis)

    def _compare(self, asked, lots, day, history, copy):
        *dated, ordered = copy.criterion_ids
        for place, (_zone, hours) in ZONES.items():
            expected = [
                {name: judge_life(one, lots[name], day, hours) for name in NAMES}
                for one in asked
            ]
            expected.append(
                {name: judge_order(lots[name], history, lots, hours) for name in NAMES}
            )
            for criterion, states in zip([*dated, ordered], expected, strict=True):
                about = (criterion.expected, place, day, lots, history)
                self.assertEqual(self._judge(criterion, place, day), states, about)
                self.assertEqual(
                    self._reserve(criterion, place, day),
                    {name for name, state in states.items() if state == "met"},
                    about,
                )

    def _judge(self, criterion, place, day):
        empty = self.env["stock.package"]
        goods = [
            Goods(self.milk, lot, self.stocks[place], empty)
            for lot in self.some_lots.values()
        ]
        judged = criterion._qms_judge(GoodsFacts(self.env, goods, self.fresh, day))
        return {one.lot.name: judged[criterion, one].state for one in goods}

    def _reserve(self, criterion, place, day):
        """Return the names of the lots that reservation would find."""
        domain = criterion._qms_get_own_domain(day)
        domain &= Domain("product_id", "=", self.milk.id)
        domain &= Domain("location_id", "=", self.stocks[place].id)
        return set(self.env["stock.quant"].search(domain).lot_id.mapped("name"))


def _write(wanted):
    """Return terms of the model as a date formula."""
    parts = ["CM" if unit == "E" else f"{number:+d}{unit}" for number, unit in wanted]
    return "".join(parts).removeprefix("+")
