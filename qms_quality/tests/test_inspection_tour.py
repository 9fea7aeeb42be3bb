from odoo.tests import HttpCase, tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestInspectionTour(InspectionCase, HttpCase):
    """The inspector's form in a browser."""

    def test_readings_by_keyboard_alone(self):
        order = self._receive_order()
        self.inspector.password = "qms_inspector"
        self.start_tour(
            f"/odoo/quality-orders/{order.id}",
            "qms_quality_order_keyboard",
            login="qms_inspector",
        )
        self.assertEqual(order.verdict, "passed")
        self.assertEqual(order.result_ids.mapped("value"), [5, 4, 4, False])
        self.assertEqual(order.result_ids[-1].outcome, "pass")
