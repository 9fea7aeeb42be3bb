from odoo.tests import HttpCase, tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationTyped(TrackedCase, HttpCase):
    """Registering by keyboard, of several at once, and beside somebody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker.password = cls.worker.login
        cls.order = cls._order()

    def _get_open(self):
        rows = self.order.qms_tracked_product_ids.component_ids
        return rows.filtered(lambda one: one.state == "open")

    def test_typing(self):
        """Numbers are typed, and submitted with the button."""
        self.start_tour(
            f"/odoo/action-mrp.mrp_production_action/{self.order.id}",
            "qms_track_typing",
            login=self.worker.login,
        )
        self.env.invalidate_all()
        self.assertEqual(
            [(one.finished_lot_id.name, one.lot_id.name) for one in self._get_open()],
            [("P-1", "OIL-1")],
        )
        self.assertEqual(self._get_open().quantity, 1.5)

    def test_several_are_removed(self):
        rows = [
            self._build(self.order, f"P-{n}", self.motors[n], self.oils[n])
            for n in range(3)
        ]
        first = self.order.qms_tracked_product_ids.browse(rows[0])
        self.order.qms_remove_components(first.component_ids.ids)
        self.assertEqual(first._get_statuses()[first], "not_started")
        self.order.qms_remove_products(rows[:2])
        self.assertEqual(
            self._get_open().lot_id, self.motors[2] | self.oils[2], "P-2 keeps its own"
        )
        shown = self.order.qms_get_tracked()["products"]
        self.assertEqual([row["lot"] for row in shown], ["P-2"])

    def test_undo_is_one_s_own(self):
        """Nobody takes back what somebody else scanned last."""
        colleague = self._make_user("qms_colleague", "mrp.group_mrp_user")
        row = self._accept(self.order, "P-1")["product"]["id"]
        self._accept(self.order.with_user(colleague), "MOT-0", row)
        answer = self.order.qms_undo_scan("mine")
        self.assertEqual(answer["outcome"], "refused", "P-1 has a motor by now")
        self.assertEqual(self._get_open().lot_id, self.motors[0])
        answer = self.order.with_user(colleague).qms_undo_scan("theirs")
        self.assertEqual(answer["message"], "MOT-0 is taken out again.")
