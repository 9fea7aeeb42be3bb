from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationExchange(TrackedCase):
    """Two finished products got each other's components: one step puts it right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls._registry_patched:
            # failed tries are counted on a cursor of their own
            cls.registry_enter_test_mode_cls()
        cls.worker.password = cls.worker.login
        cls.order = cls._order(2)

    def setUp(self):
        super().setUp()
        self.rows = self.env["qms.tracked.product"].browse(
            self._build(self.order, f"P-{n}", self.motors[n], self.oils[n])
            for n in range(2)
        )

    def _open(self, row):
        action = self.order.qms_adjust_consumption(row.id)
        return Form.from_action(self.env(user=self.worker), action)

    def _exchange(self, reason="Labels mixed up"):
        """Fill in the dialog as the worker does; return what its button answers."""
        with self._open(self.rows[0]) as form:
            form.exchange_id = self.rows[1].with_user(self.worker)
        wizard = form.record
        wizard.action_exchange()
        self.assertEqual(
            [(line.finished_lot_id.name, line.lot_id.name) for line in wizard.line_ids],
            [("P-0", "MOT-1"), ("P-0", "OIL-1"), ("P-1", "MOT-0"), ("P-1", "OIL-0")],
        )
        wizard.reason = reason
        return wizard.action_confirm()

    def _links(self):
        self.env.flush_all()
        orders = self.rows.production_id.ids
        return self.env["qms.lot.link"].search(
            [("production_id", "in", orders)], order="id"
        )

    def _now(self):
        """Return ``{component lot: finished lot}`` of the links that hold."""
        links = self._links()
        held = links.filtered(lambda one: not (one.reverses_id or one.undone_by_ids))
        return {one.from_lot_id.name: one.to_lot_id.name for one in held}

    def _check_exchanged(self, earlier):
        self.assertEqual(
            self._now(),
            {"MOT-1": "P-0", "OIL-1": "P-0", "MOT-0": "P-1", "OIL-0": "P-1"},
        )
        # each earlier link is kept, undone by one row, and nothing else is written
        links = self._links()
        self.assertEqual((len(earlier), len(links)), (4, 12))
        self.assertEqual(links.reverses_id, earlier)
        ones = self.rows.component_ids.sorted("id")
        self.assertEqual(
            [(one.finished_lot_id.name, one.lot_id.name, one.state) for one in ones],
            [
                ("P-0", "MOT-0", "replaced"),
                ("P-0", "OIL-0", "replaced"),
                ("P-1", "MOT-1", "replaced"),
                ("P-1", "OIL-1", "replaced"),
                ("P-0", "MOT-1", "done"),
                ("P-0", "OIL-1", "done"),
                ("P-1", "MOT-0", "done"),
                ("P-1", "OIL-0", "done"),
            ],
        )
        self.assertEqual(ones[4:].replaces_id, ones[:4])
        self.assertEqual(set(ones.mapped("reason")), {"Labels mixed up"})
        for n in range(2):
            self.assertEqual(self._quantity(self.stock, self.motors[n]), 0)
            self.assertEqual(self._quantity(self.stock, self.oils[n]), 98)

    def test_of_one_order(self):
        self.order.qms_report_finished(self.rows.ids)
        self.assertEqual(len(self.rows.production_id), 1)
        earlier = self._links()
        self._exchange()
        self._check_exchanged(earlier)

    def test_of_two_parts_of_an_order(self):
        for row in self.rows:
            self.order.qms_report_finished(row.ids)
        self.assertEqual(len(self.rows.production_id), 2)
        earlier = self._links()
        self._exchange()
        self._check_exchanged(earlier)
        self.assertEqual(
            [self._consumed(row.production_id) for row in self.rows],
            [{"MOT-1": 1, "OIL-1": 2}, {"MOT-0": 1, "OIL-0": 2}],
        )

    def test_before_finishing(self):
        self._exchange()
        ones = self.rows.component_ids.filtered(lambda one: one.state == "open")
        self.assertEqual(
            [(one.finished_lot_id.name, one.lot_id.name) for one in ones],
            [("P-0", "MOT-1"), ("P-0", "OIL-1"), ("P-1", "MOT-0"), ("P-1", "OIL-0")],
        )

    def test_is_signed_once_for_both(self):
        self.env["qms.starting.point"]._switch_on("regulated")
        self.order.qms_report_finished(self.rows.ids)
        earlier = self._links()
        opened = self._exchange()
        self.assertEqual(opened["res_model"], "qms.signature.wizard")
        self.assertEqual(self._links(), earlier)
        dialog = self.env["qms.signature.wizard"].with_user(self.worker)
        dialog = dialog.browse(opened["res_id"])
        for text in ("P-0: MOT-0 → MOT-1: 1", "P-1: MOT-1 → MOT-0: 1"):
            self.assertIn(text, dialog.content_html)
        dialog.action_sign({"login": self.worker.login, "secret": self.worker.login})
        self.env.invalidate_all()
        self._check_exchanged(earlier)
        signatures = self.env["qms.signature"].search(
            [("res_model", "=", self.rows._name), ("res_id", "in", self.rows.ids)]
        )
        self.assertEqual(signatures.user_id, self.worker)
        self.assertEqual(len(signatures), 1)

    def test_one_serial_for_two(self):
        """Both can't have the same motor."""
        self.order.qms_report_finished(self.rows.ids)
        with self._open(self.rows[0]) as form:
            form.exchange_id = self.rows[1].with_user(self.worker)
        wizard = form.record
        wizard.action_exchange()
        wizard.line_ids[2].lot_id = self.motors[1]
        wizard.reason = "Labels mixed up"
        with self.assertRaisesRegex(UserError, "MOT-1 is already used, in P-1"):
            wizard.action_confirm()

    def test_of_other_goods(self):
        """What is signed for one product corrects none of another product."""
        self.order.qms_report_finished(self.rows.ids)
        sauce = self._make_product("Sauce")
        other = self._order(10, self._make_bom(sauce, {self.oil: 1}))
        row = self._accept(other, "S-1", quantity=10)["product"]["id"]
        self._accept(other, "OIL-2", row, quantity=10)
        other.qms_report_finished([row])
        foreign = self.rows.browse(row)
        with self._open(self.rows[0]) as form:
            form.reason = "Labels mixed up"
        wizard = form.record
        wizard.line_ids[1].quantity = 1
        wizard._add_lines(foreign).quantity = 5
        with self.assertRaisesRegex(UserError, "Somebody else has corrected it"):
            wizard.action_confirm()
        self.assertEqual(foreign.component_ids.quantity, 10)

    def test_with_nothing(self):
        wizard = self._open(self.rows[0]).save()
        with self.assertRaisesRegex(UserError, "Choose the product that has"):
            wizard.action_exchange()
