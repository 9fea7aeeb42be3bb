"""Two receipts of one product at the same time: no unit is counted twice, or not."""

from odoo.tests import tagged

from .race_case import RaceCase, Step


@tagged("standard", "post_install", "-at_install")
class TestSamplingRace(RaceCase):
    """Counters and severities, over two connections."""

    cleaning = (
        "DELETE FROM qms_sampling_counter WHERE product_id IN %(products)s",
        "DELETE FROM qms_sampling_severity WHERE product_id IN %(products)s",
        "DELETE FROM qms_sampling_plan WHERE name->>'en_US' = 'RACE'",
    )

    def _make(self, env):
        plan = env["qms.sampling.plan"].create(
            {"name": "RACE", "method": "every_n", "quantity": 20, "per_quantity": 500}
        )
        product = env["product.product"].create(
            {"name": "Race sample", "is_storable": True}
        )
        self.product_ids.append(product.id)
        self.key = (plan.id, product.id, False, env.company.id)

    def _receive(self, quantity, seen):
        def work(env):
            count = env["qms.sampling.counter"]._advance({self.key: (quantity, 1)})
            seen.append(count[self.key])

        return Step(self, work)

    def _race_counters(self):
        first, second = [], []
        self._race(self._receive(300, first), self._receive(250, second))
        return first[-1], second[-1]

    def test_a_new_counter(self):
        first, second = self._race_counters()
        self.assertEqual((first.received, first.lots), (0, 0))
        self.assertEqual((second.received, second.lots), (300, 1))
        self.assertEqual(second.seed, first.seed)
        self.assertEqual(second.counter_id, first.counter_id)

    def test_a_known_counter(self):
        with self.transaction() as env:
            env["qms.sampling.counter"]._advance({self.key: (50, 1)})
        first, second = self._race_counters()
        self.assertEqual((first.received, first.lots), (50, 1))
        self.assertEqual((second.received, second.lots), (350, 2))

    def test_one_severity(self):
        start = {"severity": "normal", "is_discontinued": False, "is_steady": False}
        found = []

        def work(env):
            key = (*self.key, "major")
            found.append(env["qms.sampling.severity"]._ensure([key], start)[key].id)

        self._race(Step(self, work), Step(self, work))
        self.assertEqual(found[-1], found[0])
        with self.transaction() as env:
            count = env["qms.sampling.severity"].search_count(
                [("product_id", "in", self.product_ids)]
            )
        self.assertEqual(count, 1)
