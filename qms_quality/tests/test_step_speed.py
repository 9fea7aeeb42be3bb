from odoo.tests import tagged

from .common_step import StepCase


@tagged("post_install", "-at_install")
class TestStepSpeed(StepCase):
    """Many lots, many orders: few queries for each."""

    def _count(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _receipt(self, lots):
        picking = self._picking("incoming", lots)
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        line = picking.move_ids._prepare_move_line_vals()
        self.env["stock.move.line"].create(
            [
                {**line, "quantity": 1, "lot_name": f"L{picking.id}-{index}"}
                for index in range(lots)
            ]
        )
        picking.move_ids.picked = True
        return picking.with_user(self.clerk)

    def test_500_lots_make_500_orders(self):
        tests = [self._make_test(f"T{index:02}").id for index in range(10)]
        ten = self._make_group("Ten", *({"test_id": one} for one in tests))
        self._associate(ten, event="receipt", product_ids=self.product.ids)
        picking = self._receipt(500)
        queries = self._count(picking.button_validate)
        orders = self._orders(picking)
        self.assertEqual((len(orders), len(orders.result_ids)), (500, 5000))
        self.assertLess(queries / 500, 10)

    def test_orders_made_before(self):
        """One order for a move becomes one for each lot that arrives with it."""
        rule = self._rule("receipt_ready")
        counts = []
        for lots in (1, 10, 40):
            counts.append(self._count(self._receipt(lots).button_validate))
        self.assertEqual(len(self._orders_of(rule)), 51)
        self.assertLess((counts[2] - counts[1]) / 30, 10, counts)
