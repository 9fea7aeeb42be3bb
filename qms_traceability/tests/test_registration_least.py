from odoo.tests import Form, tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationLeast(TrackedCase):
    """Who may only use Manufacturing finishes orders with work orders, from start on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("mrp.group_mrp_routings")
        workcenter = cls.env["mrp.workcenter"].create({"name": "Bench"})
        cls.bom.operation_ids = [
            (0, 0, {"name": "Assemble", "workcenter_id": workcenter.id})
        ]
        cls.order = cls._order(2)

    def setUp(self):
        super().setUp()
        self.order.workorder_ids.button_start()
        self.rows = [
            self._build(self.order, f"P-{n}", self.motors[n], self.oils[n])
            for n in range(2)
        ]

    def test_reporting(self):
        self.order.qms_report_finished(self.rows[:1])
        parts = self.order.production_group_id.production_ids.sorted("id")
        self.assertEqual(parts.mapped("state"), ["done", "confirmed"])
        self.assertEqual(self._consumed(parts[0]), {"MOT-0": 1, "OIL-0": 2})
        parts.qms_report_finished(self.rows[1:]) if len(parts) == 1 else parts[
            1
        ].qms_report_finished(self.rows[1:])
        self.assertEqual(set(parts.mapped("state")), {"done"})
        self.assertEqual(set(parts.workorder_ids.mapped("state")), {"done"})

    def test_closing(self):
        self.order.button_mark_done()
        self.assertEqual(self.order.state, "done")

    def test_plain(self):
        order = self._order(1)
        order.workorder_ids.button_start()
        order.action_generate_serial()
        order.qty_producing = 1
        order.button_mark_done()
        print("PLAIN", order.state)
