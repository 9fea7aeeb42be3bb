"""What demand leaves over of lots: the reckoning against goods taken unit by unit.

The model knows no shortcut: day by day, each unit that is asked for is taken from the
lot that expires first among those that may be sold. A second one asks only how much can
be sold at all, by finding a lot for each unit: no order of picking sells more.
"""

from datetime import date, timedelta

import hypothesis.strategies as st
from hypothesis import given, settings

from odoo.tests import BaseCase, tagged

from odoo.addons.qms_shelf_life.models.look_ahead.fefo_simulation import (
    DatedLot,
    Demand,
    simulate,
)

START = date(2028, 2, 26)
HORIZON = 16


def _day(number):
    return START + timedelta(days=number)


@st.composite
def stocks(draw):
    """Draw lots; sell-by days need not follow the order of expiry."""
    lots = []
    for key in range(draw(st.integers(1, 4))):
        last = draw(st.sampled_from([None, *range(-2, HORIZON - 1)]))
        grace = draw(st.integers(0, 4))
        lots.append(
            DatedLot(
                key,
                draw(st.integers(1, 15)),
                None if last is None else _day(last + grace),
                None if last is None else _day(last),
            )
        )
    return draw(st.permutations(lots))


ORDERS = st.dictionaries(
    st.sampled_from([_day(number) for number in range(-3, HORIZON - 2)]),
    st.integers(1, 9),
    max_size=4,
)


def _asked_until(ordered, daily, day):
    """Return what is asked for until a day, by counting up."""
    orders = sum(quantity for due, quantity in ordered.items() if due <= day)
    used, today = 0, START
    while today <= day:
        used += daily
        today += timedelta(days=1)
    return max(orders, used)


def _take_unit_by_unit(lots, ordered, daily):
    """Return what is left of each lot, by taking unit after unit."""
    left = {lot.key: lot.quantity for lot in lots}
    asked = 0
    for number in range(HORIZON):
        day = _day(number)
        total = _asked_until(ordered, daily, day)
        for _unit in range(total - asked):
            sellable = [
                lot
                for lot in lots
                if left[lot.key] and (lot.last_day is None or day <= lot.last_day)
            ]
            if sellable:
                # the first of those that expire on one day, as they are given
                first = min(sellable, key=lambda lot: lot.expiry or date.max)
                left[first.key] -= 1
        asked = total
    return {lot.key: left[lot.key] if lot.last_day else 0 for lot in lots}


def _count_sellable(lots, ordered, daily):
    """Return how many units can be sold at most: a matching of units with demand."""
    units = [lot for lot in lots if lot.last_day for _unit in range(lot.quantity)]
    asked, days = 0, []
    for number in range(HORIZON):
        total = _asked_until(ordered, daily, _day(number))
        days += [_day(number)] * (total - asked)
        asked = total
    sold_to = {}

    def find(unit, seen):
        for number, day in enumerate(days):
            if day <= units[unit].last_day and number not in seen:
                seen.add(number)
                if number not in sold_to or find(sold_to[number], seen):
                    sold_to[number] = unit
                    return True
        return False

    return sum(find(unit, set()) for unit in range(len(units)))


@tagged("standard", "post_install", "-at_install")
class TestFefoSimulation(BaseCase):
    """Lots, orders and an average use, at random."""

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(stocks(), ORDERS, st.integers(0, 3))
    def test_left_over(self, lots, ordered, daily):
        self.assertEqual(
            simulate(lots, Demand(ordered, daily, START)),
            _take_unit_by_unit(lots, ordered, daily),
        )

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(stocks(), ORDERS, st.integers(0, 2))
    def test_no_order_sells_more(self, lots, ordered, daily):
        """Where each lot's sell-by day follows its expiry, FEFO wastes the least."""
        lots = [lot._replace(expiry=lot.last_day) for lot in lots if lot.last_day]
        left = simulate(lots, Demand(ordered, daily, START))
        stock = sum(lot.quantity for lot in lots)
        self.assertEqual(
            stock - sum(left.values()), _count_sellable(lots, ordered, daily)
        )

    def test_example(self):
        """Ten a day: the first lot is used up in time, of the second a part is left."""
        lots = [
            DatedLot("late", 100, _day(20), _day(20)),
            DatedLot("first", 40, _day(5), _day(5)),
            DatedLot("second", 60, _day(7), _day(7)),
            DatedLot("gone", 5, _day(-1), _day(-1)),
            DatedLot("undated", 50, None, None),
        ]
        self.assertEqual(
            simulate(lots, Demand({}, 10, START)),
            {"gone": 5, "first": 0, "second": 20, "late": 0, "undated": 0},
        )
        # an order that asks for more than the average counts instead of it
        self.assertEqual(
            simulate(lots[:3], Demand({_day(6): 95, _day(3): 5}, 10, START)),
            {"first": 0, "second": 0, "late": 0},
        )
