from odoo.tests import tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestInspectionSpeed(InspectionCase):
    """Making orders adds few queries to those of Odoo's own posting."""

    def _group_of_ten(self):
        return self._make_group(
            "Ten",
            *[
                {"test_id": self._make_test(f"T{i:02}").id, "upper_limit": 5}
                for i in range(10)
            ],
        )

    def _count_receipt(self, lots):
        """Return the queries that a receipt takes."""
        picking = self._picking("incoming", lots)
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        line = picking.move_ids._prepare_move_line_vals()
        self.env["stock.move.line"].create(
            [
                {**line, "quantity": 1, "lot_name": f"L{picking.id}-{i}"}
                for i in range(lots)
            ]
        )
        picking.move_ids.picked = True
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        picking.with_user(self.clerk).button_validate()
        self.env.flush_all()
        return picking, self.env.cr.sql_log_count - before

    def test_orders_of_a_receipt(self):
        self._count_receipt(50)
        _picking, plain = self._count_receipt(50)
        self._associate(self._group_of_ten(), product_ids=self.product.ids)
        self._count_receipt(1)
        picking, inspected = self._count_receipt(50)
        self.assertEqual(len(self._orders(picking)), 50)
        self.assertEqual(len(self._orders(picking).result_ids), 500)
        self.assertLess((inspected - plain) / 50, 4)

    def test_verdicts(self):
        self._associate(self._group_of_ten(), product_ids=self.product.ids)
        for value in (4, 6):
            orders = self._orders(self._count_receipt(40)[0])
            orders.with_user(self.inspector).result_ids.value = value
            counts = []
            for some in (orders[:10], orders[10:]):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                some.with_user(self.inspector).action_validate()
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            with self.subTest(value=value):
                self.assertLess((counts[1] - counts[0]) / 20, 2)
