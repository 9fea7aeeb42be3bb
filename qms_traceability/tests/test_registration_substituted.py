from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationSubstituted(TrackedCase):
    """One of two finished products has a substitute, corrected as any other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spare = cls._make_product("Spare motor", tracking="serial")
        cls.bom.bom_line_ids[0].qms_substitute_ids = cls.spare
        cls.substitute = cls._make_lot("MOT-S", cls.spare)
        cls._stock_up(1, cls.substitute)
        cls.order = cls._order(2, qms_allow_substitutes=True)
        cls.rows = cls.env["qms.tracked.product"]

    def setUp(self):
        super().setUp()
        used = (self.motors[0], self.substitute)
        self.rows = self.rows.browse(
            self._build(self.order, f"P-{n}", motor, self.oils[n])
            for n, motor in enumerate(used)
        )

    def _open(self, row):
        action = self.order.qms_adjust_consumption(row.id)
        return Form.from_action(self.env(user=self.worker), action)

    def _exchange(self):
        """Fill in the dialog as the worker does; return it, not yet confirmed."""
        with self._open(self.rows[0]) as form:
            form.exchange_id = self.rows[1].with_user(self.worker)
        wizard = form.record
        wizard.action_exchange()
        wizard.reason = "Labels mixed up"
        return wizard

    def _held(self):
        """Return ``{finished lot: lots}`` of what is registered now."""
        return {
            row.lot_id.name: sorted(
                one.lot_id.name
                for one in row.component_ids
                if one.state in ("open", "done")
            )
            for row in self.rows
        }

    def _links(self):
        self.env.flush_all()
        links = self.env["qms.lot.link"].search(
            [("production_id", "in", self.rows.production_id.ids)]
        )
        held = links.filtered(lambda one: not (one.reverses_id or one.undone_by_ids))
        return {one.from_lot_id.name: one.to_lot_id.name for one in held}

    def _check_exchanged(self):
        self.assertEqual(
            self._held(), {"P-0": ["MOT-S", "OIL-1"], "P-1": ["MOT-0", "OIL-0"]}
        )
        self.assertEqual(
            self._links(),
            {"MOT-S": "P-0", "OIL-1": "P-0", "MOT-0": "P-1", "OIL-0": "P-1"},
        )
        for lot in (self.motors[0], self.substitute):
            self.assertEqual(self._quantity(self.stock, lot), 0)

    def test_of_one_order(self):
        self.order.qms_report_finished(self.rows.ids)
        wizard = self._exchange()
        self.assertFalse(wizard.left_text)
        wizard.action_confirm()
        self._check_exchanged()

    def test_of_two_parts_of_an_order(self):
        """Each order consumes what its product has, there and back again."""
        for row in self.rows:
            self.order.qms_report_finished(row.ids)
        first, second = (row.production_id for row in self.rows)
        self._exchange().action_confirm()
        self._check_exchanged()
        self.assertEqual(self._consumed(first), {"MOT-S": 1, "OIL-1": 2})
        self.assertEqual(self._consumed(second), {"MOT-0": 1, "OIL-0": 2})
        self._exchange().action_confirm()
        self.assertEqual(self._consumed(first), {"MOT-0": 1, "OIL-0": 2})
        self.assertEqual(self._consumed(second), {"MOT-S": 1, "OIL-1": 2})
        self.assertEqual(self._links()["MOT-S"], "P-1")
        self.assertEqual(self._quantity(self.stock, self.substitute), 0)
        # each order has one component for it, used again on the way back
        moves = (first | second).move_raw_ids
        self.assertEqual(len(moves.filtered("qms_substitute_of_id")), 2)

    def test_before_finishing(self):
        self._exchange().action_confirm()
        self.assertEqual(
            self._held(), {"P-0": ["MOT-S", "OIL-1"], "P-1": ["MOT-0", "OIL-0"]}
        )
        self.order.qms_report_finished(self.rows.ids)
        self._check_exchanged()

    def test_order_that_allows_none(self):
        for row in self.rows:
            self.order.qms_report_finished(row.ids)
        order = self.rows[0].production_id
        order.qms_allow_substitutes = False
        wizard = self._exchange()
        with self.assertRaises(UserError) as caught:
            wizard.action_confirm()
        self.assertEqual(
            str(caught.exception),
            f"MOT-S is no lot of Motor, nor of a substitute that {order.name} allows.",
        )

    def test_substitute_is_what_was_used(self):
        """It was registered as the component that it replaced."""
        self.order.qms_remove_products(self.rows[1].ids)
        self.order.qms_report_finished(self.rows[0].ids)
        with self._open(self.rows[0]) as form:
            with form.line_ids.edit(0) as line:
                self.assertIn(self.spare, line.product_ids)
                line.lot_id = self.substitute.with_user(self.worker)
            form.reason = "Wrong label"
        form.record.action_confirm()
        order = self.rows[0].production_id
        self.assertEqual(self._consumed(order), {"MOT-S": 1, "OIL-0": 2})
        self.assertEqual(self._quantity(self.stock, self.motors[0]), 1)
        self.assertEqual(self._quantity(self.stock, self.substitute), 0)
        self.assertEqual(self._links(), {"MOT-S": "P-0", "OIL-0": "P-0"})

    def _take_oil_out(self, row):
        oils = row.component_ids.filtered(lambda one: one.product_id == self.oil)
        self.order.qms_remove_components(oils.ids)

    def _split_oil(self, *quantities):
        """Of oil, the first has two lots registered, and the other has one."""
        self._take_oil_out(self.rows[0])
        for lot, quantity in zip(("OIL-1", "OIL-2"), quantities, strict=True):
            self._accept(self.order, lot, self.rows[0].id, quantity=quantity)

    def _check_oil_exchanged(self):
        self.assertEqual(
            self._held(),
            {"P-0": ["MOT-S", "OIL-1"], "P-1": ["MOT-0", "OIL-1", "OIL-2"]},
        )
        for row, quantities in zip(self.rows, ([2], [0.5, 1.5]), strict=True):
            oils = row.component_ids.filtered(
                lambda one: one.product_id == self.oil and one.state in ("open", "done")
            )
            self.assertEqual(oils.sorted("quantity").mapped("quantity"), quantities)

    def test_one_lot_for_two(self):
        """There and back again: the lots of a component needn't be as many."""
        self._split_oil(0.5, 1.5)
        for row in self.rows:
            self.order.qms_report_finished(row.ids)
        first, second = (row.production_id for row in self.rows)
        wizard = self._exchange()
        self.assertFalse(wizard.left_text)
        wizard.action_confirm()
        self._check_oil_exchanged()
        self.assertEqual(self._consumed(first), {"MOT-S": 1, "OIL-1": 2})
        self.assertEqual(
            self._consumed(second), {"MOT-0": 1, "OIL-1": 0.5, "OIL-2": 1.5}
        )
        self._exchange().action_confirm()
        self.assertEqual(
            self._consumed(first), {"MOT-0": 1, "OIL-1": 0.5, "OIL-2": 1.5}
        )
        self.assertEqual(self._consumed(second), {"MOT-S": 1, "OIL-1": 2})
        self.assertEqual(self._quantity(self.stock, self.oils[1]), 97.5)
        self.assertEqual(self._quantity(self.stock, self.oils[2]), 98.5)

    def test_one_lot_for_two_before_finishing(self):
        self._split_oil(0.5, 1.5)
        self._exchange().action_confirm()
        self._check_oil_exchanged()

    def test_one_line_for_a_lot(self):
        self._split_oil(0.5, 1.5)
        self.order.qms_report_finished(self.rows.ids)
        wizard = self._exchange()
        oils = wizard.line_ids.filtered(
            lambda line: (
                line.product_id == self.oil and line.finished_lot_id.name == "P-1"
            )
        )
        self.assertEqual(len(oils), 2)
        oils.lot_id = self.oils[0]
        with self.assertRaisesRegex(UserError, "OIL-0 is there twice"):
            wizard.action_confirm()

    def test_what_stays_is_told(self):
        """Nothing is registered in the place of the oil."""
        self._take_oil_out(self.rows[1])
        wizard = self._exchange()
        self.assertEqual(
            wizard.left_text,
            "These stay where they are, because the other product has nothing"
            " registered in their place: 2 Units of OIL-0 in P-0",
        )
        wizard.action_confirm()
        self.assertEqual(self._held(), {"P-0": ["MOT-S", "OIL-0"], "P-1": ["MOT-0"]})
