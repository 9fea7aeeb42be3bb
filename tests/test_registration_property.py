"""After any sequence of scans, undos, removals, reports and corrections: what is posted
is what is registered, serial by serial, and stock is what is left."""

import uuid

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, seed, settings

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.qms_traceability.tests.common_tracked import TrackedCase

from .registration_model import MOTORS, OILS, SPARE, Registrations
from .timecap import rounds

# less than two pumps take
OIL_STOCK = 3
PUMPS = [f"P-{number}" for number in range(4)]
MOTOR_LOTS = [*(f"MOT-{number}" for number in range(MOTORS)), SPARE, SPARE]
OIL_LOTS = [f"OIL-{number}" for number in range(OILS)]
# how a pump is built: the network repeats each scan, the oil is taken back and put in
# again, what is registered is picked
HABITS = [("twice", "undone", "picked"), (), ("picked",), ("undone",), ("twice",)]
ENDS = ["report", "wait", "wait", "break", "wait", "replace"]


class Choices:
    """What is drawn from, in another order in each round.

    Hypothesis begins each run with the simplest example, the first of everything. In CI
    there is time for a few short runs only, which shouldn't all begin alike.
    """

    def __init__(self, number):
        self.number = number

    def turn(self, values, more=0):
        """Return values in the order of this round."""
        first = (self.number + more) % len(values)
        return [*values[first:], *values[:first]]

    def of(self, values, more=0):
        """Return a strategy for one of some values."""
        return st.sampled_from(self.turn(values, more))

    def piece(self, index, name, motor):
        """Return a strategy for the steps by which one pump is built."""
        return st.builds(
            lambda oil, amount, how, end: (
                ("build", name, motor, oil, amount, how),
                (end, name, motor, oil),
            ),
            self.of(OIL_LOTS, index),
            self.of([2, 1.5, 2, 1, 3], index),
            self.of(HABITS, index),
            self.of(ENDS, index),
        )

    def disturbance(self):
        """Return a strategy for a step that has nothing to do with the others."""
        pump, oil = self.of(PUMPS), self.of(OIL_LOTS)
        return st.one_of(
            st.tuples(st.just("component"), pump, self.of(MOTOR_LOTS), st.just(1)),
            st.tuples(st.just("component"), pump, oil, self.of([0.5, 1, 3])),
            st.tuples(st.just("undo")),
            st.tuples(st.just("remove"), pump),
            st.tuples(st.just("adjust"), pump, oil),
        )

    def correction(self, names):
        """Return a strategy for what is put right of pumps that are finished."""
        pairs = [(one, two) for one in names for two in names if one != two]
        return st.one_of(
            self.of(pairs).map(lambda pair: ("exchange", *pair)),
            st.tuples(st.just("adjust"), self.of(names), self.of(OIL_LOTS)),
        )

    def story(self):
        """Return a strategy for the steps of one order."""

        @st.composite
        def stories(draw):
            names = draw(st.permutations(PUMPS))
            motors = draw(st.permutations(self.turn(MOTOR_LOTS)))
            steps = []
            for index, name in enumerate(names):
                steps += draw(self.piece(index, name, motors[index]))
                steps += draw(st.lists(self.disturbance(), max_size=1))
            # the fourth is more than the order makes
            corrections = st.lists(self.correction(names[:3]), min_size=1, max_size=3)
            return [*steps, ("report_all",), *draw(corrections)]

        return stories()


# Begins every run, so that each kind of step has met the others at least once.
FIRST = (
    ("build", "P-0", "MOT-0", "OIL-0", 1, ("twice",)),
    ("component", "P-0", "OIL-0", 3),
    ("undo",),
    ("component", "P-0", "OIL-0", 2),
    ("component", "P-1", "MOT-0", 1),
    ("pick", "P-0"),
    ("build", "P-3", "MOT-0", "OIL-1", 2),
    ("component", "P-3", "MOT-3", 1),
    ("remove", "P-3"),
    ("build", "P-1", SPARE, "OIL-0", 1),
    ("build", "P-2", "MOT-2", "OIL-0", 1),
    ("component", "P-2", "OIL-1", 2),
    ("remove", "P-2"),
    ("product", "P-2"),
    ("report_all",),
    ("build", "P-2", "MOT-1", "OIL-1"),
    ("undo",),
    ("exchange", "P-0", "P-1"),
    ("adjust", "P-1", "OIL-0"),
    ("component", "P-2", "MOT-0", 1),
    ("build", "P-2", "MOT-2", "OIL-0"),
    ("break", "P-2"),
    ("exchange", "P-1", "P-2"),
)


@tagged("standard", "post_install", "-at_install")
class TestRegistrationProperty(TrackedCase):
    """Random work on one order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.consumption = "flexible"
        for lot in cls.oils[:OILS]:
            cls._stock_up(OIL_STOCK - 100, lot)
        spare = cls._make_product("Spare motor", tracking="serial")
        cls.bom.bom_line_ids[0].qms_substitute_ids = spare
        spares = [cls._make_lot(SPARE, spare)]
        cls._stock_up(1, spares[0])
        cls.lots = {lot.name: lot for lot in (*cls.motors, *spares, *cls.oils)}

    def test_any_sequence(self):
        self._run(FIRST)
        for number in rounds():
            self._run_round(number)

    def _run(self, steps):
        with self.env.cr.savepoint() as savepoint:
            self._play(steps)
            savepoint.rollback()
        self.env.invalidate_all()

    def _run_round(self, number):
        @seed(number)
        @settings(
            max_examples=3,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(Choices(number).story())
        def run(steps):
            self._run(steps)

        run()

    def _play(self, steps):
        self.order = self._order(qms_allow_substitutes=True)
        self.last = None
        self.model = Registrations(OIL_STOCK)
        for name, *arguments in steps:
            getattr(self, f"_step_{name}")(*arguments)
        self._check()

    def _rows(self, state):
        orders = self.order.production_group_id.production_ids
        return orders.qms_tracked_product_ids.filtered(lambda row: row.state == state)

    def _row(self, name, state="open"):
        return self._rows(state).filtered(lambda row: row.lot_id.name == name)

    # -- Steps -------------------------------------------------------------------------

    def _scan(self, order, code, product=None, **named):
        named.setdefault("id", str(uuid.uuid4()))
        answer = super()._scan(order, code, product, **named)
        self.last = (code, product, named, answer["outcome"])
        return answer

    def _step_product(self, name):
        answer = self._scan(self.order, name)
        self.assertEqual(answer["outcome"], self.model.scan_product(name))

    def _step_again(self):
        """The network repeats the last scan: nothing is registered twice."""
        if self.last:
            code, product, named, outcome = self.last
            answer = self._scan(self.order, code, product, **named)
            self.assertEqual(answer["outcome"], outcome)

    def _step_pick(self, name):
        """What is registered is picked at once, each lot of it."""
        row = self._row(name)
        ones = row.component_ids.filtered(lambda one: one.state == "open")
        if not ones:
            return
        self.order.qms_pick_components(ones.ids)
        lines = row.production_id.move_raw_ids.move_line_ids.filtered("picked")
        for lot, own in ones.grouped("lot_id").items():
            picked = lines.filtered(lambda line, lot=lot: line.lot_id == lot)
            self.assertGreaterEqual(
                sum(picked.mapped("quantity_product_uom")),
                sum(own.mapped("quantity")),
                lot.name,
            )

    def _step_error(self, name):
        """It doesn't run: it is scrapped when it is reported."""
        row = self._row(name)
        if row:
            self.order.qms_set_quantities(row.id, 0, 1)
            self.model.pumps[name].is_bad = True

    def _step_component(self, name, lot, quantity):
        # a pump that isn't there is none at all
        row = self._row(name).id or self._row(name, "done").id
        answer = self._scan(self.order, lot, row, mode="component", quantity=quantity)
        expected = self.model.scan_component(name, lot, quantity)
        self.assertEqual(answer["outcome"], expected, answer["message"])

    def _step_build(self, name, motor, oil, quantity=2, habits=()):
        self._step_product(name)
        for lot, amount in ((motor, 1), (oil, quantity)):
            if "twice" in habits:
                self._step_again()
            self._step_component(name, lot, amount)
        if "twice" in habits:
            self._step_again()
        if "undone" in habits:
            self._step_undo()
            self._step_component(name, oil, quantity)
        if "picked" in habits:
            self._step_pick(name)

    def _step_wait(self, name, *_used):
        """It is reported with others, when all are ready."""

    def _step_break(self, name, *_used):
        self._step_error(name)
        self._step_report(name)

    def _step_replace(self, name, *used):
        """All of it is taken out, and goes into the next one."""
        self._step_remove(name)
        self._step_build(name, *used)

    def _step_undo(self):
        answer = self.order.qms_undo_scan(str(uuid.uuid4()))
        self.assertEqual(answer["outcome"], self.model.undo(), answer["message"])

    def _try(self, method, name, expected):
        row = self._row(name) or self._row(name, "done")
        try:
            done = bool(getattr(self.order, method)(row.ids))
        except UserError:
            done = False
        self.assertEqual(done, expected)

    def _step_remove(self, name):
        self._try("qms_remove_products", name, self.model.remove(name))

    def _step_report(self, name, *_used):
        pump = self.model.pumps.get(name)
        if pump and not pump.parts:
            # nothing is registered: it would consume as any order does
            return
        self._try("qms_report_finished", name, self.model.report(name))

    def _step_report_all(self):
        """All that something is registered for is reported in one go."""
        names = [n for n, pump in self.model.pumps.items() if pump.parts]
        names = [name for name in names if self.model.report(name)]
        rows = self._rows("open").filtered(lambda row: row.lot_id.name in names)
        if rows:
            self.order.qms_report_finished(rows.ids)

    def _open_adjustment(self, row):
        action = self.order.qms_adjust_consumption(row.id)
        wizard = self.env[action["res_model"]].with_user(self.worker)
        return wizard.browse(action["res_id"])

    def _get_held(self, row):
        return row.component_ids.filtered(lambda one: one.state in ("open", "done"))

    def _forget(self, ones):
        """What was adjusted isn't a scan any more, if it was one."""
        scans = self.env["qms.tracked.scan"].search(
            [("tracked_component_id", "in", ones.ids), ("outcome", "=", "accepted")]
        )
        for one in scans.tracked_component_id:
            name = one.finished_lot_id.name
            self.model.forget(name, one.lot_id.name, one.quantity)

    def _step_adjust(self, name, oil):
        """Half of what was registered of an oil was really used."""
        row = self._row(name) or self._row(name, "done")
        one = self._get_held(row).filtered(lambda one: one.lot_id.name == oil)[:1]
        if not one:
            return
        wizard = self._open_adjustment(row)
        line = wizard.line_ids.filtered(lambda line: line.registration_id == one)
        less = one.quantity / 2
        line.quantity -= less
        wizard.reason = "Measured"
        wizard.action_confirm()
        self._forget(one)
        self.model.pumps[name].put(oil, -less)

    def _step_exchange(self, name, other):
        """Two pumps got each other's components."""
        rows = [self._row(one) or self._row(one, "done") for one in (name, other)]
        if name == other or not all(rows) or rows[0].state != rows[1].state:
            return
        # a substitute is exchanged for the component that it stands for
        own, others = (
            self._get_held(row).grouped(lambda one: one.move_id.product_id)
            for row in rows
        )
        pairs = [
            (ones, others[component])
            for component, ones in own.items()
            if component in others
            and self._describe(ones) != self._describe(others[component])
        ]
        wizard = self._open_adjustment(rows[0])
        wizard.exchange_id = rows[1]
        wizard.action_exchange()
        wizard.reason = "Labels"
        if not pairs:
            with self.assertRaises(UserError):
                wizard.action_confirm()
            return
        wizard.action_confirm()
        for ones, twos in pairs:
            self._forget(self._get_changed(ones, twos))
            self._forget(self._get_changed(twos, ones))
            for lot, quantity in self._describe(ones):
                self.model.move(lot, quantity, name, other)
            for lot, quantity in self._describe(twos):
                self.model.move(lot, quantity, other, name)

    def _get_changed(self, ones, others):
        """Return which of some registrations are replaced by those of another pump."""
        more = ones[-1:] if len(others) > len(ones) else ones[:0]
        return more | ones.filtered(
            lambda one: (
                self._describe(one)
                != self._describe(others[ones.ids.index(one.id) :][:1])
            )
        )

    def _describe(self, ones):
        return [(one.lot_id.name, one.quantity) for one in ones]

    # -- What must hold ----------------------------------------------------------------

    def _check(self):
        orders = self.order.sudo().production_group_id.production_ids
        expected = self.model.consumed()
        self.assertEqual(self._get_uses(orders), expected)
        self.assertEqual(self._get_links(orders), expected)
        removed = self._rows("removed").component_ids
        self.assertEqual(set(removed.mapped("state")) - {"removed"}, set())
        self._check_stock(expected)
        shown = {
            row.lot_id.name: sum(
                one.quantity
                for one in row.component_ids
                if one.state in ("open", "done")
            )
            for state in ("open", "done")
            for row in self._rows(state)
        }
        self.assertEqual(
            shown, {n: sum(p.parts.values()) for n, p in self.model.pumps.items()}
        )

    def _get_uses(self, orders):
        uses = {}
        for order in orders:
            lines = order.move_raw_ids.move_line_ids.filtered(
                lambda line: line.state == "done" and line.quantity
            )
            total = sum(lines.mapped("quantity_product_uom"))
            own = order._qms_get_registered_uses(
                order.move_finished_ids.move_line_ids, lines
            )
            self.assertEqual(total, sum(own.values()), "posted is registered")
            for (line, lot), quantity in own.items():
                names = (
                    lines.browse(line).lot_id.name,
                    self.env["stock.lot"].browse(lot).name,
                )
                uses[names] = uses.get(names, 0) + quantity
        return uses

    def _get_links(self, orders):
        self.env.flush_all()
        found = {}
        for link in self.env["qms.lot.link"].search(
            [("production_id", "in", orders.ids)]
        ):
            key = (link.from_lot_id.name, link.to_lot_id.name)
            found[key] = found.get(key, 0) + link.quantity
        return {key: quantity for key, quantity in found.items() if quantity}

    def _check_stock(self, consumed):
        for name, lot in self.lots.items():
            if name not in self.model.stock:
                continue
            used = sum(q for (part, _pump), q in consumed.items() if part == name)
            self.assertEqual(
                self._quantity(self.stock, lot), self.model.stock[name] - used, name
            )
        made = {pump for _lot, pump in consumed}
        for row in self._rows("done"):
            pump = self.model.pumps[row.lot_id.name]
            left = 0 if pump.is_bad else 1
            self.assertEqual(self._quantity(self.stock, row.lot_id), left)
            made.discard(row.lot_id.name)
        self.assertFalse(made)
