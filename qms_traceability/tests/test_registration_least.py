from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationLeast(TrackedCase):
    """Who may only use Manufacturing finishes orders with work orders.

    Beside accounting, too: there core reads what each step costs.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        workcenter = cls.env["mrp.workcenter"].create({"name": "Bench"})
        cls.bom.operation_ids = [
            (0, 0, {"name": "Assemble", "workcenter_id": workcenter.id})
        ]
        cls.order = cls._order(2)
        cls.order.invalidate_recordset()

    def _build_both(self):
        return [
            self._build(self.order, f"P-{n}", self.motors[n], self.oils[n])
            for n in range(2)
        ]

    def _check_done(self):
        orders = self.order.production_group_id.production_ids
        self.assertEqual(set(orders.mapped("state")), {"done"})
        self.assertEqual(set(orders.workorder_ids.mapped("state")), {"done"})

    def test_steps_that_nobody_started(self):
        first, second = self._build_both()
        self.order.qms_report_finished([first])
        self.assertEqual(self._consumed(self.order), {"MOT-0": 1, "OIL-0": 2})
        self.order.qms_report_finished([second])
        self._check_done()

    def test_steps_that_were_started(self):
        rows = self._build_both()
        self.order.workorder_ids.button_start()
        self.order.qms_report_finished(rows[:1])
        self.order.qms_report_finished(rows[1:])
        self._check_done()

    def test_closing_the_order(self):
        self._build_both()
        self.order.button_mark_done()
        self._check_done()

    def test_costs_stay_closed_to_them(self):
        """The time of a step is theirs to enter; what it costs isn't theirs to read."""
        work = self.order.workorder_ids
        work.duration = 5
        self.assertEqual(work.duration, 5)
        with self.assertRaises(AccessError):
            work.with_user(self.clerk).duration = 6
        if "account.analytic.line" in self.env:
            costs = self.env["account.analytic.line"].with_user(self.worker)
            self.assertFalse(costs.has_access("read"))
