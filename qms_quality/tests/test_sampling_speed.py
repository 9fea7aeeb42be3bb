from odoo.tests import tagged

from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestSamplingSpeed(SamplingCase):
    """Sampling adds few queries an order, whatever the number of lots."""

    def _count_receipt(self, lots, quantity=20):
        picking = self._picking("incoming", lots * quantity)
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        line = picking.move_ids._prepare_move_line_vals()
        self.env["stock.move.line"].create(
            [
                {**line, "quantity": quantity, "lot_name": f"L{picking.id}-{i}"}
                for i in range(lots)
            ]
        )
        picking.move_ids.picked = True
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        picking.with_user(self.clerk).button_validate()
        self.env.flush_all()
        return self._orders(picking), self.env.cr.sql_log_count - before

    def _per_order(self, plan):
        _orders, plain = self._count_receipt(100)
        tests = [
            {"test_id": self._make_test(f"T{i:02}").id, "upper_limit": 5}
            for i in range(10)
        ]
        self._sample_by(plan, group=self._make_group("Ten", *tests))
        self._count_receipt(1)
        orders, sampled = self._count_receipt(100)
        self.assertEqual(len(orders), 100)
        return orders, (sampled - plain) / 100

    def test_tables(self):
        """5 units drawn and 3 classes for each of 100 orders of 10 tests."""
        orders, queries = self._per_order(
            self._make_plan("z14", reading_scope="sample")
        )
        self.assertEqual(len(orders.result_ids), 1000)
        self.assertGreater(len(orders.unit_ids), 500)
        self.assertLess(queries, 2.5)

    def test_units_read_one_by_one(self):
        orders, queries = self._per_order(self._make_plan("fixed", quantity=3))
        self.assertEqual(len(orders.result_ids), 3000)
        self.assertLess(queries, 2.5)

    def test_verdicts(self):
        self._sample_by(self._make_plan("z14"), group=self._make_group("Visual"))
        orders, _count = self._count_receipt(60)
        orders.defect_ids.with_user(self.inspector).found1 = 0
        counts = []
        for some in (orders[:15], orders[15:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.inspector).action_validate()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess((counts[1] - counts[0]) / 30, 2.5)
