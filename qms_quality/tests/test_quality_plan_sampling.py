from odoo.tests import tagged

from .common_plan import PlanCase
from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestQualityPlanSampling(PlanCase, SamplingCase):
    """Orders whose sampling plan counts defects, judged by a quality plan besides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visual = cls._make_group("Visual")
        cls.z14 = cls._make_plan("z14", aql_major="2.5", aql_minor="4.0")

    def _receive_sampled(self, group, name="A"):
        rules = self.env["qms.quality.association"]
        if not rules.search_count([]):
            self._sample_by(self.z14, group=group)
        return self._orders(self._receive([name], quantity=200))

    def _count(self, order, found):
        order.defect_ids.with_user(self.inspector).write({"found1": found})

    def test_counts_alone_decide(self):
        self._plan(order_auto=True)
        order = self._receive_sampled(self.visual)
        self._count(order, 0)
        self.assertEqual((order.state, order.verdict), ("validated", "passed"))
        order = self._receive_sampled(self.visual, "B")
        self._count(order, 9)
        self.assertEqual((order.state, order.verdict), ("validated", "failed"))
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)

    def test_readings_decide_besides(self):
        self.z14.reading_scope = "sample"
        self._plan(order_auto=True)
        group = self._judged_group("Taste", readings=1)
        order = self._receive_sampled(group)
        self._count(order, 0)
        self.assertEqual(order.state, "open")
        self._read(order, self.judged, True)
        self.assertEqual((order.state, order.verdict), ("validated", "passed"))

    def test_a_sampled_lot_stays_one_order(self):
        self.product.qms_package_managed = True
        self._plan(max_quantity=50, max_uom_id=self.product.uom_id.id)
        order = self._receive_sampled(self.visual)
        self.assertEqual(order.quantity, 200)
