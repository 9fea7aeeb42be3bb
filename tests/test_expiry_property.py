"""Random dates, rules, days and zones: reservation and posting refuse the same.

Worked out by :mod:`expiry_model`, which knows nothing of the addons.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import hypothesis.strategies as st
from freezegun import freeze_time
from hypothesis import HealthCheck, given, seed, settings

from odoo import Command
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.qms_quality.models.sentinel import trusted
from odoo.addons.qms_shelf_life.tests.expiry_case import ExpiryCase

from .expiry_model import Rule, choose, day_of, is_blocked, midnight
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
LOTS = 8
LEVELS = st.sampled_from(["days", "expired", "allow"])
MISSING = st.sampled_from(["block", "allow", "warn"])
TYPES = ("delivery", "consumption", "transfer", "put_away", "internal")
DEFAULT = frozenset({"delivery", "consumption", "transfer"})
# How goods leave, and what reservation asks for: what is picked for a delivery must do
# for that delivery, too.
ROUTES = {
    "delivery": ("delivery",),
    "internal": ("internal",),
    "transfer": ("transfer",),
    "pick": ("internal", "delivery"),
}
SECONDS = st.sampled_from([0, -1, 12 * 3600])


class Scene(NamedTuple):
    """What is in stock, what counts, and when it is used.

    ``dates`` of the lots and ``due``: days from today and seconds from midnight on;
    ``released``: which lots were released, and for whom.
    """

    now: datetime
    zone: str
    depot_zone: str
    dates: list
    rules: list
    company: Rule
    shelf_life: int
    due: tuple
    released: dict
    route: str = "delivery"


@st.composite
def rules(draw):
    """Draw rules with different targets."""
    targets = ["all", "warehouse", "parent", "category", "product"]
    drawn = []
    for target in draw(st.lists(st.sampled_from(targets), unique=True, max_size=3)):
        levels = {name: draw(LEVELS) for name in TYPES}
        judged = frozenset(name for name in TYPES if levels[name] != "allow")
        drawn.append(
            Rule(target, draw(st.integers(0, 4)), levels, draw(MISSING), judged)
        )
    return drawn


@st.composite
def companies(draw):
    """Draw the company's settings."""
    days = draw(st.integers(0, 3))
    levels = dict.fromkeys(DEFAULT, "expired") if draw(st.booleans()) else {}
    if days:
        levels["delivery"] = "days"
    return Rule("company", days, levels, draw(MISSING), DEFAULT)


@st.composite
def scenes(draw):
    """Draw a scene whose lots expire about the days that matter."""
    moments = st.tuples(st.integers(-2, 6), SECONDS)
    dates = st.lists(moments | st.none(), min_size=LOTS, max_size=LOTS)
    whom = st.sampled_from(["partner", "other", "revoked"])
    return Scene(
        now=START + timedelta(minutes=draw(st.integers(0, 3 * 24 * 60))),
        zone=draw(st.sampled_from(ZONES)),
        depot_zone=draw(st.sampled_from(ZONES)),
        dates=draw(dates),
        rules=draw(rules()),
        company=draw(companies()),
        shelf_life=draw(st.sampled_from([30, 30, 0])),
        due=draw(st.tuples(st.integers(-2, 4), SECONDS)),
        released=draw(st.dictionaries(st.integers(0, LOTS - 1), whom, max_size=4)),
    )


@tagged("post_install", "-at_install")
class TestExpiryProperty(ExpiryCase):
    """See the module. Each lot lies in the warehouse and in the depot."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        categories = cls.env["product.category"]
        cls.parent = categories.create({"name": "P food"})
        cls.category = categories.create({"name": "P", "parent_id": cls.parent.id})
        cls.milk.categ_id = cls.category
        cls.env["qms.expiry.rule"].search([]).active = False
        cls.other = cls.env["res.partner"].create({"name": "Other"})
        cls.lots = cls.env["stock.lot"].create(
            [{"name": f"P-{n}", "product_id": cls.milk.id} for n in range(LOTS)]
        )
        for lot in cls.lots:
            cls._stock_up(1, lot)
            cls._stock_up(1, lot, cls.depot.lot_stock_id)
        cls._zone("UTC")
        cls._zone("UTC", cls.depot)

    def test_the_gate_answers_as_the_model(self):
        """Reservation's domain and posting's reasons are one answer."""
        moves = {route: self._make_move(route) for route in ROUTES}

        def check(scene, answer, due):
            move = moves[scene.route]
            move.date = scene.now
            (move.move_dest_ids or move).date = due
            types = ROUTES[scene.route]
            # goods are used at the end of their way
            used = max(due, scene.now) if scene.route == "pick" else due
            for asked in (types, *((name,) for name in TYPES)):
                for date in (used, None):
                    self._check_twins(move, asked, answer, date, asked == types)

        self._check_scenes(check, seconds=20, examples=4)

    def test_reservation_and_posting_agree(self):
        """What the gate allows is reserved and posted, what it refuses isn't."""

        def check(scene, answer, due):
            types = ROUTES[scene.route]
            move = self._make_move(scene.route, due)
            self._check_reserved(move, answer.get(types, self.stock, due))
            self._check_posted(scene.route, answer.get(types[:1], self.stock, None))

        self._check_scenes(check, seconds=10, examples=3)

    # -- Scenes ------------------------------------------------------------------------

    def _check_scenes(self, check, seconds, examples):
        """Draw scenes by each way in turn until the time is over.

        :param check: callable(scene, :class:`Answer`, when the goods are due)
        """
        seen, routes = set(), list(ROUTES)
        for number in rounds(seconds):
            route = routes[number % len(routes)]
            seen |= self._check_round(check, number, route, examples)
        self.assertEqual(seen, {True, False}, "something was refused, something not")

    def _check_round(self, check, number, route, examples):
        seen = set()

        @seed(number)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(scenes())
        def run(scene):
            with self.env.cr.savepoint() as savepoint:
                with freeze_time(scene.now):
                    seen.update(self._play(scene._replace(route=route), check))
                savepoint.rollback()
            self.env.invalidate_all(flush=False)
            self.env.registry.clear_cache()

        run()
        return seen

    def _play(self, scene, check):
        """Set the scene and check it; return whether lots are refused when due."""
        self.warehouse.partner_id.tz = scene.zone
        self.depot.partner_id.tz = scene.depot_zone
        self.milk.expiration_time = scene.shelf_life
        self._set_company(scene.company)
        for rule in scene.rules:
            self._make_rule_of(rule)
        answer = Answer(self, scene, self._date_lots(scene))
        self._release(scene.released)
        today = day_of(scene.now, scene.zone)
        due = midnight(today + timedelta(days=scene.due[0]), scene.zone)
        due += timedelta(seconds=scene.due[1])
        check(scene, answer, due)
        blocked = answer.get(ROUTES[scene.route], self.stock, due)
        return {lot in blocked for lot in self.lots}

    def _set_company(self, company):
        self.company.write(
            {
                "qms_block_expired": "transfer" in company.levels,
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
        levels = {f"level_{name}": level for name, level in rule.levels.items()}
        self._make_rule(**target, **levels, days=rule.days, missing=rule.missing)

    def _date_lots(self, scene):
        """Let the lots expire as drawn; return ``{lot: datetime or None}``.

        Core's own removal from stock is another question, and how dates are copied to
        stock, too.
        """
        today, dates = day_of(scene.now, scene.zone), {}
        for lot, drawn in zip(self.lots, scene.dates, strict=True):
            dates[lot] = drawn and midnight(
                today + timedelta(days=drawn[0]), scene.zone
            ) + timedelta(seconds=drawn[1])
        self.env.flush_all()
        for table, name in (("stock_lot", "id"), ("stock_quant", "lot_id")):
            self.env.cr.executemany(
                f"""UPDATE {table} SET expiration_date = %s,
                    removal_date = '2099-01-01' WHERE {name} = %s""",
                [(date, lot.id) for lot, date in dates.items()],
            )
        self.env.invalidate_all()
        return dates

    def _release(self, released):
        """Release lots as if it had been done before they expired."""
        trusted(self.env["qms.expiry.release"].sudo()).create(
            [
                {
                    "lot_id": self.lots[number].id,
                    "kind": "donate",
                    "reason": "Eat it soon",
                    "partner_id": (self.other if whom == "other" else self.partner).id,
                    "state": "revoked" if whom == "revoked" else "granted",
                    "company_id": self.company.id,
                }
                for number, whom in released.items()
            ]
        )

    def _make_move(self, route, date=None):
        """Return the move by which all lots would go, not confirmed."""
        date = date or datetime.now()
        if route != "pick":
            return self._make_step(route, date)
        pick = self._make_step("internal", datetime.now())
        ship = self._make_step("delivery", date, source=self.shelf)
        ship.write(
            {
                "move_orig_ids": [Command.set(pick.ids)],
                "procure_method": "make_to_order",
            }
        )
        return pick

    def _make_step(self, route, date, **vals):
        code = "outgoing" if route == "delivery" else "internal"
        dest = {
            "delivery": self.customer,
            "transfer": self.depot.lot_stock_id,
            "internal": self.shelf,
        }[route]
        picking = self._picking(code, LOTS, product=self.milk, dest=dest, **vals)
        move = picking.move_ids
        move.date = date
        return move

    # -- What must agree ---------------------------------------------------------------

    def _check_twins(self, move, types, answer, date, everywhere):
        """The domain of the gate and its reasons are one answer, and the model's.

        :param bool everywhere: ask for all warehouses at once, too, and in Python
        """
        quants = self.env["stock.quant"].search(
            [("lot_id", "in", self.lots.ids), ("quantity", ">", 0)]
        )
        given = {"move": move, "partner": self.partner, "date": date}
        reasons = self.env["qms.hold"]._qms_gate_reasons(
            quants._qms_get_goods(), types, **given
        )
        refused = quants.browse(
            quant.id
            for quant, some in zip(quants, reasons, strict=True)
            if any(reason.policy == "block" for reason in some)
        )
        expected = {
            (lot, place)
            for place in (self.stock, self.depot.lot_stock_id)
            for lot in answer.get(types, place, date)
        }
        self.assertEqual({(one.lot_id, one.location_id) for one in refused}, expected)
        nowhere = self.env["stock.location"]
        for place in (self.stock, nowhere) if everywhere else (self.stock,):
            gate = quants._qms_gate_domain(
                types, product=self.milk, location=place, **given
            )
            there = [("location_id", "child_of", place.ids)] if place else []
            asked = quants.filtered_domain(there)
            found = quants.search(Domain("id", "in", asked.ids) & gate)
            self.assertEqual(found, asked - refused)
            if place and everywhere:
                self.assertEqual(asked.filtered_domain(gate), found)

    def _check_reserved(self, move, blocked):
        (move | move.move_dest_ids).picking_id.action_confirm()
        move.picking_id.action_assign()
        self.assertEqual(move.move_line_ids.lot_id, self.lots - blocked)
        move._do_unreserve()

    def _check_posted(self, route, blocked):
        """All that may go is posted at once; each of the others is refused."""
        for lots in filter(None, (self.lots - blocked, blocked[:1])):
            refused = False
            try:
                with self.env.cr.savepoint() as savepoint:
                    move = self._force(route, lots)
                    move.picking_id.with_context(skip_expired=True).button_validate()
                    savepoint.rollback()
            except UserError:
                refused = True
            self.env.invalidate_all(flush=False)
            self.assertEqual(refused, lots <= blocked, lots.mapped("name"))

    def _force(self, route, lots):
        """Return a move with lines of these lots, as no screen would let them be."""
        move = self._make_move("internal" if route == "pick" else route)
        move.product_uom_qty = len(lots)
        move.picking_id.action_confirm()
        move._do_unreserve()
        move.move_line_ids.unlink()
        line = move._prepare_move_line_vals(quantity=1)
        forced = self.env["stock.move.line"].with_context(qms_picked_by_system=True)
        forced.create([{**line, "lot_id": lot.id} for lot in lots])
        move.picked = True
        return move


class Answer:
    """Which lots the model blocks, by type, place and day."""

    def __init__(self, case, scene, dates):
        self.case, self.scene, self.dates = case, scene, dates

    def get(self, types, place, date):
        """Return the lots blocked.

        :param place: where they lie
        :param date: when their move is due, None for posting
        """
        case, scene = self.case, self.scene
        is_own = place == case.stock
        zone = scene.zone if is_own else scene.depot_zone
        day = today = day_of(scene.now, zone)
        if date:
            day = max(today, day_of(date, zone))
        rule = choose(scene.rules, scene.company, scene.shelf_life != 0, is_own)
        released = {
            case.lots[number]
            for number, whom in scene.released.items()
            if whom == "partner"
        }
        return case.lots.filtered(
            lambda lot: is_blocked(
                self.dates[lot], day, zone, rule, types, lot in released
            )
        )
