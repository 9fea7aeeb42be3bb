"""Random lots, dates, rules, days and zones: reservation and posting refuse the same.

Worked out by :mod:`expiry_model`, which knows nothing of the addons.
"""

from datetime import datetime, timedelta

import hypothesis.strategies as st
from freezegun import freeze_time
from hypothesis import HealthCheck, given, seed, settings

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.qms_shelf_life.tests.expiry_case import ExpiryCase

from .expiry_model import Rule, choose, day_of, is_blocked
from .timecap import rounds

ZONES = (
    "UTC",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/St_Johns",
    "Europe/Berlin",
    "Asia/Kathmandu",
)
# clocks change in Berlin on 29 March
START = datetime(2026, 3, 28)
LEVELS = st.sampled_from(["allow", "expired", "days"])
MISSING = st.sampled_from(["allow", "warn", "block"])
TYPES = ("delivery", "internal")


@st.composite
def rules(draw):
    """Draw rules with different targets, and the company's settings."""
    targets = draw(
        st.lists(
            st.sampled_from(["all", "warehouse", "parent", "category", "product"]),
            unique=True,
            max_size=3,
        )
    )
    drawn = []
    for target in targets:
        levels = {name: draw(LEVELS) for name in TYPES}
        judged = frozenset(name for name in TYPES if levels[name] != "allow")
        days = draw(st.integers(0, 4))
        drawn.append(Rule(target, days, levels, draw(MISSING), judged))
    days, blocks = draw(st.integers(0, 3)), draw(st.booleans())
    level = "days" if days else "expired" if blocks else "allow"
    company = Rule(
        "company", days, {"delivery": level}, draw(MISSING), frozenset({"delivery"})
    )
    return drawn, company, blocks


@st.composite
def scenes(draw):
    """Draw what is in stock, what counts, and when it is used."""
    minutes = st.integers(-72 * 60, 120 * 60) | st.integers(-2, 2).map(
        lambda days: days * 24 * 60
    )
    drawn, company, blocks = draw(rules())
    return {
        "now": START + timedelta(minutes=draw(st.integers(0, 3 * 24 * 60))),
        "zone": draw(st.sampled_from(ZONES)),
        "lots": draw(st.lists(st.none() | minutes, min_size=1, max_size=5)),
        "rules": drawn,
        "company": company,
        "blocks": blocks,
        "shelf_life": draw(st.sampled_from([30, 30, 0])),
        "due": draw(st.integers(-48 * 60, 72 * 60)),
        "route": draw(st.sampled_from(TYPES)),
        "released": draw(st.sampled_from([None, None, 0, 1])),
    }


@tagged("post_install", "-at_install")
class TestExpiryProperty(ExpiryCase):
    """See the module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        categories = cls.env["product.category"]
        cls.parent = categories.create({"name": "P food"})
        cls.category = categories.create({"name": "P", "parent_id": cls.parent.id})
        cls.milk.categ_id = cls.category
        cls.env["qms.expiry.rule"].search([]).active = False

    def test_reservation_and_posting_agree(self):
        seen = set()
        for number in rounds(25):

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
                    with freeze_time(scene["now"]):
                        seen.update(self._check(**scene))
                    savepoint.rollback()
                self.env.invalidate_all(flush=False)
                self.env.registry.clear_cache()

            check()
        self.assertEqual(seen, {True, False}, "something was refused, something not")

    # -- One scene ---------------------------------------------------------------------

    def _check(self, now, zone, lots, rules, company, blocks, due, route, **options):
        self._zone(zone)
        self._set_company(company, blocks)
        self.milk.expiration_time = options["shelf_life"]
        for rule in rules:
            self._make_rule_of(rule)
        dates = [
            None if minutes is None else now + timedelta(minutes=minutes)
            for minutes in lots
        ]
        stock = [self._make_stock(number, date) for number, date in enumerate(dates)]
        released = self._release(stock, options["released"])
        counts = choose(rules, company, options["shelf_life"] != 0)

        def blocked(day):
            return {
                lot.name: is_blocked(date, day, zone, counts, route, lot in released)
                for lot, date in zip(stock, dates, strict=True)
            }

        today = day_of(now, zone)
        planned = blocked(max(today, day_of(now + timedelta(minutes=due), zone)))
        move = self._make_move(route, now + timedelta(minutes=due), len(stock))
        self._check_twins(move, stock, route, planned, move.date)
        self._check_twins(move, stock, route, blocked(today), None)
        self._check_reserved(move, planned)
        self._check_posted(route, stock[-1], now, blocked(today))
        return set(planned.values())

    def _set_company(self, company, blocks):
        self.company.write(
            {
                "qms_block_expired": blocks,
                "qms_expiry_days": company.days,
                "qms_expiry_missing": company.missing,
            }
        )

    def _make_rule_of(self, rule):
        target = {
            "all": {},
            "warehouse": {"warehouse_id": self.warehouse.id},
            "parent": {"categ_id": self.parent.id},
            "category": {"categ_id": self.category.id},
            "product": {"product_id": self.milk.id},
        }[rule.target]
        self._make_rule(
            **target,
            days=rule.days,
            missing=rule.missing,
            level_delivery=rule.levels["delivery"],
            level_internal=rule.levels["internal"],
            level_consumption="allow",
            level_transfer="allow",
        )

    def _make_stock(self, number, date):
        lot = self.env["stock.lot"].create(
            {"name": f"P-{number}", "product_id": self.milk.id}
        )
        # core's own removal from stock is another question
        lot.write({"expiration_date": date or False})
        lot.write({"removal_date": "2099-01-01 00:00:00"})
        self._stock_up(1, lot)
        return lot

    def _release(self, stock, place):
        """Release one of the lots for the partner, if it can be."""
        lots = self.env["stock.lot"]
        if place is None or place >= len(stock):
            return lots
        try:
            with self.env.cr.savepoint():
                self._release_for(stock[place], partner=self.partner)
        except UserError:
            return lots
        return stock[place]

    def _make_move(self, route, date, quantity):
        dest = self.customer if route == "delivery" else self.shelf
        code = "outgoing" if route == "delivery" else "internal"
        picking = self._picking(code, quantity, product=self.milk, dest=dest)
        picking.move_ids.date = fields.Datetime.to_string(date)
        return picking.move_ids

    # -- What must agree ---------------------------------------------------------------

    def _check_twins(self, move, stock, route, expected, date):
        """The domain of the gate and its reasons are one answer, and the model's."""
        lots = self.env["stock.lot"].union(*stock)
        quants = self.env["stock.quant"].search(
            [("lot_id", "in", lots.ids), ("quantity", ">", 0)]
        )
        given = {"move": move, "partner": self.partner, "date": date}
        reasons = self.env["qms.hold"]._qms_gate_reasons(
            quants._qms_get_goods(), route, **given
        )
        said = {
            quant.lot_id.name: any(reason.policy == "block" for reason in some)
            for quant, some in zip(quants, reasons, strict=True)
        }
        self.assertEqual(said, expected)
        gate = quants._qms_gate_domain(
            route, product=self.milk, location=self.stock, **given
        )
        allowed = quants.search(Domain("id", "in", quants.ids) & gate)
        self.assertEqual(
            set(allowed.lot_id.mapped("name")),
            {name for name, bad in expected.items() if not bad},
        )
        self.assertEqual(quants.filtered_domain(gate), allowed)

    def _check_reserved(self, move, expected):
        move.picking_id.action_confirm()
        move.picking_id.action_assign()
        self.assertEqual(
            set(self._reserved(move)),
            {name for name, bad in expected.items() if not bad},
        )
        move._do_unreserve()

    def _check_posted(self, route, lot, now, expected):
        move = self._make_move(route, now, 1)
        move.picking_id.action_confirm()
        self._force_line(move, lot)
        refused = False
        try:
            with self.env.cr.savepoint():
                move.picking_id.with_context(skip_expired=True).button_validate()
        except UserError:
            refused = True
        self.assertEqual(refused, expected[lot.name], lot.name)
