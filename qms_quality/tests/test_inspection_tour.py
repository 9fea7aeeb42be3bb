from odoo.tests import HttpCase, tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install", "qms_native")
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

    def test_all_kinds_of_readings(self):
        variable = self.env["qms.test.variable"].create(
            {"name": "Texture", "outcome_ids": [(0, 0, {"name": "Smooth"})]}
        )
        kinds = {
            "qualitative": {"variable_id": variable.id},
            "text": {},
            "date": {},
            "attribute": {"defect_class": "minor", "decimals": 0},
        }
        lines = [
            {"test_id": self._make_test(f"{kind} test", test_type=kind, **vals).id}
            for kind, vals in kinds.items()
        ]
        weight = {
            "test_id": self.weight.id,
            "upper_limit": 6,
            "reading_number": 2,
            "determination": "average",
        }
        group = self._make_group("All kinds", weight, *lines)
        self._associate(group, product_ids=self.product.ids)
        order = self._receive_order()
        self.inspector.password = "qms_inspector"
        self.start_tour(
            f"/odoo/quality-orders/{order.id}", "qms_test_types", login="qms_inspector"
        )
        self.assertEqual(
            [result._get_value_text() for result in order.result_ids],
            [
                "4.00 kg",
                "6.00 kg",
                "5.000 kg",
                "Smooth",
                "Second tank",
                "2026-11-20",
                "3",
            ],
        )
        self.assertEqual(order.verdict, "failed")
