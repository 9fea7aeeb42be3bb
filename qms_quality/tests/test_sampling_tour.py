from odoo.tests import HttpCase, tagged

from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestSamplingTour(SamplingCase, HttpCase):
    """Counting defects in a browser, as an inspector."""

    def test_double_sampling(self):
        plan = self._make_plan(
            "z14", double_sampling=True, aql_major="2.5", aql_minor=False
        )
        self._sample_by(plan, group=self._make_group("Visual"))
        order = self._orders(self._receive(["A"], quantity=200))
        self.inspector.password = "qms_inspector"
        self.start_tour(
            f"/odoo/quality-orders/{order.id}",
            "qms_quality_order_defects",
            login="qms_inspector",
        )
        self.assertEqual(order.verdict, "passed")
        major = order.defect_ids.filtered("severity_id")
        self.assertEqual((major.found1, major.found2), (2, 1))
