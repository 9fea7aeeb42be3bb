"""Random lots, requirements and strategies: what reservation chose is what it should.

Worked out by :mod:`steering_model`, which knows nothing of the addons.
"""

from decimal import Decimal

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, seed, settings

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.qms_quality.tests.common_steering import SteeringCase

from .steering_model import STRICT, Criterion, Lot, choose, is_allowed
from .timecap import rounds

HALVES = st.integers(0, 12).map(lambda number: Decimal(number) / 2)
DAYS = st.sampled_from(["2026-01-01", "2026-02-01", "2026-03-01"])
VALUES = {
    "number": HALVES,
    "day": DAYS,
    "word": st.sampled_from(["red", "green", "blue"]),
    "flag": st.booleans(),
    "country": st.sampled_from(["NZ", "CL", "FR"]),
    "grade": st.sampled_from(["A", "B", "C"]),
}
ORDERED = ("=", "!=", ">=", "<=", "between", "exists")
LISTED = ("=", "!=", "in", "not in", "exists")
OPERATORS = {
    "number": ORDERED,
    "day": ORDERED,
    "word": LISTED,
    "flag": ("=", "!=", "exists"),
    "country": LISTED,
    "grade": LISTED,
}
DEPARTURES = ("blocked", "blocked", "approval", "recorded")


@st.composite
def criteria(draw):
    """Draw a criterion."""
    attribute = draw(st.sampled_from(sorted(VALUES)))
    operator = draw(st.sampled_from(OPERATORS[attribute]))
    count = {"between": 2, "in": 2, "not in": 2, "exists": 0}.get(operator, 1)
    values = draw(st.lists(VALUES[attribute], min_size=count, max_size=count))
    tolerated = attribute == "number" and operator not in ("!=", "exists")
    tolerance = draw(st.sampled_from([Decimal(0), Decimal("0.5")]))
    return Criterion(
        attribute,
        operator,
        tuple(sorted(values)),
        tolerance if tolerated else Decimal(0),
        draw(st.sampled_from(DEPARTURES)),
    )


@st.composite
def lots(draw):
    """Draw lots in two places, of different ages."""
    ages = draw(st.permutations(range(5)))
    return [
        Lot(
            f"LOT-{number}",
            draw(st.integers(1, 5)),
            age,
            draw(st.sampled_from(["A", "B"])),
            draw(st.sampled_from([False] * 5 + [True])),
            {
                name: draw(VALUES[name])
                for name in VALUES
                if draw(st.sampled_from([True, True, True, False]))
            },
        )
        for number, age in enumerate(ages)
    ]


@st.composite
def scenes(draw):
    """Draw what is in stock, what is required, and how it is taken."""
    required = draw(st.lists(criteria(), min_size=1, max_size=3))
    present = draw(lots())
    accepted = {
        (number, lot.name)
        for number, one in enumerate(required)
        for lot in present
        if one.departure == "approval" and draw(st.booleans())
    }
    return {
        "criteria": required,
        "lots": present,
        "demand": draw(st.integers(1, 12)),
        "removal": draw(st.sampled_from(["fifo", "lifo", "closest"])),
        "ignored": draw(st.sampled_from([False] * 4 + [True])),
        "accepted": accepted,
    }


@tagged("post_install", "-at_install")
class TestSteeringProperty(SteeringCase):
    """See the module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.attributes = {
            "number": cls._make_attribute("P number", "decimal"),
            "day": cls._make_attribute("P day", "date"),
            "word": cls._make_attribute("P word", "text"),
            "flag": cls._make_attribute("P flag", "boolean"),
            "country": cls.origin,
            "grade": cls.grade,
        }
        cls.places = {name: cls._make_location(name) for name in "AB"}
        cls.countries = {
            code: cls.env.ref(f"base.{code.lower()}") for code in ("NZ", "CL", "FR")
        }
        cls.grades = {option.name: option for option in cls.grade.option_ids}

    def test_what_is_reserved(self):
        seen = []
        for number in rounds(30):

            @seed(number)
            @settings(
                max_examples=3,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(scenes())
            def check(scene):
                with self.env.cr.savepoint() as savepoint:
                    seen.extend(self._check(**scene))
                    savepoint.rollback()
                self.env.invalidate_all(flush=False)

            check()
        self.assertEqual(set(seen), {"taken", "nothing", "refused", "let go"})

    # -- The scene, in the database ----------------------------------------------------

    def _get_value(self, name, value):
        if name == "number":
            return float(value)
        if name == "day":
            return fields.Date.to_date(value)
        if name == "country":
            return self.countries[value]
        return self.grades[value] if name == "grade" else value

    def _make_scene(self, present, removal):
        strategy = self.env["product.removal"].search([("method", "=", removal)])
        self.stock.removal_strategy_id = strategy
        made = {}
        for one in present:
            values = {
                self.attributes[name]: self._get_value(name, value)
                for name, value in one.values.items()
            }
            lot = self._stock_lot(
                one.name, one.quantity, values, self.places[one.place]
            )
            lot.quant_ids.in_date = f"2025-01-0{one.age + 1}"
            if one.held:
                self._hold(lot=lot)
            made[one.name] = lot
        return made

    def _prepare_criterion(self, one):
        vals = {
            "attribute_id": self.attributes[one.attribute].id,
            "operator": one.operator,
            "departure": one.departure,
            "tolerance": float(one.tolerance),
        }
        if not one.values:
            return vals
        first, last = one.values[0], one.values[-1]
        return (
            vals
            | {
                "number": lambda: {
                    "value_number": float(first),
                    "value_number_to": float(last),
                },
                "day": lambda: {"value_date": first, "value_date_to": last},
                "word": lambda: {"value_text": "; ".join(one.values)},
                "flag": lambda: {"value_boolean": first},
                "country": lambda: {
                    "country_ids": [
                        Command.set(
                            [self.countries[code].id for code in set(one.values)]
                        )
                    ]
                },
                "grade": lambda: {
                    "option_ids": [
                        Command.set([self.grades[name].id for name in set(one.values)])
                    ]
                },
            }[one.attribute]()
        )

    def _accept(self, copy, made, accepted):
        for number, name in accepted:
            self._make_deviation(
                {
                    "company_id": copy.company_id.id,
                    "document_line_id": copy.id,
                    "criterion_id": copy.criterion_ids.sorted()[number].id,
                    "departure": "approval",
                    "product_id": self.product.id,
                    "lot_id": made[name].id,
                    "direction": "out",
                    "state": "accepted",
                    "decision": "accepted",
                }
            )

    # -- What must hold ----------------------------------------------------------------

    def _check(self, criteria, lots, demand, removal, ignored, accepted):
        made = self._make_scene(lots, removal)
        self._make_card(
            *(
                {**self._prepare_criterion(one), "sequence": number}
                for number, one in enumerate(criteria)
            )
        )
        picking = self._sell(demand)
        picking.do_unreserve()
        copy = self._copy_of(picking)
        self._accept(copy, made, accepted)
        if ignored:
            copy.with_user(self.foreman).sudo(False).action_ignore("Because")
        picking.action_assign()
        expected = choose(criteria, lots, demand, removal, ignored, accepted)
        self.assertEqual(self._taken(picking.move_ids), expected)
        self.assertEqual(list(self._taken(picking.move_ids)), list(expected))
        yield "taken" if expected else "nothing"
        yield from self._check_by_hand(picking, made, criteria, lots, ignored)

    def _check_by_hand(self, picking, made, criteria, lots, ignored):
        """A lot is refused by hand where a departure is blocked.

        What needs approval can be entered, so that it can be asked for.
        """
        blocked = [one for one in criteria if one.departure == "blocked"]
        for one in lots:
            allowed = not one.held and is_allowed(blocked, one, ignored, set())
            try:
                with self.env.cr.savepoint():
                    self._take(picking, made[one.name])
                    self.env.flush_all()
            except UserError:
                self.assertFalse(allowed, one)
                yield "refused"
            else:
                self.assertTrue(allowed, one)
                yield "let go"

    def test_the_model_can_tell(self):
        """The model itself: one lot that meets, one that doesn't, one unknown."""
        one = Criterion("country", "not in", ("NZ",))
        known = [
            Lot(code, 1, 0, "A", False, {"country": code}) for code in ("CL", "NZ")
        ]
        known.append(Lot("?", 1, 0, "A", False))
        allowed = [lot.name for lot in known if is_allowed([one], lot, False, set())]
        self.assertEqual(allowed, ["CL"])
        self.assertIn(one.departure, STRICT)
