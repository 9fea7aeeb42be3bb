"""After any sequence of scans, undos, removals and reports: what is posted is what is
registered, serial by serial, and stock is what is left."""

import uuid

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, seed, settings

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.qms_traceability.tests.common_tracked import TrackedCase

from .registration_model import MOTORS, OILS, SPARE, Registrations
from .timecap import rounds

OIL_STOCK = 4
PUMP = st.integers(0, 4).map(lambda number: f"P-{number}")
MOTOR = st.sampled_from((*(f"MOT-{number}" for number in range(MOTORS)), SPARE))
OIL = st.integers(0, OILS - 1).map(lambda number: f"OIL-{number}")
STEPS = st.one_of(
    st.tuples(st.just("product"), PUMP),
    st.tuples(st.just("build"), PUMP, MOTOR, OIL),
    st.tuples(st.just("make"), PUMP, MOTOR, OIL),
    st.tuples(st.just("component"), PUMP, MOTOR, st.just(1)),
    st.tuples(st.just("component"), PUMP, OIL, st.sampled_from([0.5, 1, 1.5, 2, 3])),
    st.tuples(st.just("undo")),
    st.tuples(st.just("again")),
    st.tuples(st.just("pick"), PUMP),
    st.tuples(st.just("error"), PUMP),
    st.tuples(st.just("remove"), PUMP),
    st.tuples(st.just("report"), PUMP),
    st.tuples(st.just("adjust"), PUMP, OIL),
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
        for number in rounds():
            self._run_round(number)

    def _run_round(self, number):
        @seed(number)
        @settings(
            max_examples=3,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(STEPS, min_size=4, max_size=16))
        def run(steps):
            with self.env.cr.savepoint() as savepoint:
                self._play(steps)
                savepoint.rollback()
            self.env.invalidate_all()

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
        ones = self._row(name).component_ids.filtered(lambda one: one.state == "open")
        if ones:
            self.order.qms_pick_components(ones.ids)

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

    def _step_build(self, name, motor, oil):
        self._step_product(name)
        self._step_component(name, motor, 1)
        self._step_component(name, oil, 2)

    def _step_make(self, name, motor, oil):
        self._step_build(name, motor, oil)
        self._step_report(name)

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

    def _step_report(self, name):
        pump = self.model.pumps.get(name)
        if pump and not pump.parts:
            # nothing is registered: it would consume as any order does
            return
        self._try("qms_report_finished", name, self.model.report(name))

    def _step_adjust(self, name, oil):
        """Half of what was registered of an oil was really used."""
        row = self._row(name) or self._row(name, "done")
        one = row.component_ids.filtered(
            lambda one: one.state in ("open", "done") and one.lot_id.name == oil
        )[:1]
        if not one:
            return
        action = self.order.qms_adjust_consumption(row.id)
        wizard = self.env[action["res_model"]].with_user(self.worker)
        wizard = wizard.browse(action["res_id"])
        line = wizard.line_ids.filtered(lambda line: line.registration_id == one)
        less = one.quantity / 2
        line.quantity -= less
        wizard.reason = "Measured"
        wizard.action_confirm()
        self.model.pumps[name].parts[oil] -= less
        # what was adjusted isn't a scan any more
        self.model.forget(name, oil, one.quantity)

    # -- What must hold ----------------------------------------------------------------

    def _check(self):
        orders = self.order.sudo().production_group_id.production_ids
        expected = self.model.consumed()
        self.assertEqual(self._get_uses(orders), expected)
        self.assertEqual(self._get_links(orders), expected)
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
