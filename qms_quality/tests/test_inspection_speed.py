from odoo.tests import tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestInspectionSpeed(InspectionCase):
    """Making orders adds few queries to those of Odoo's own posting."""

    def _group_of_ten(self, **vals):
        return self._make_group(
            "Ten",
            *[
                {"test_id": self._make_test(f"T{i:02}").id, "upper_limit": 5, **vals}
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

    def _count_validations(self, value):
        """Return the queries of validating 20 and 40 orders with the same readings."""
        orders = self._orders(self._count_receipt(60)[0])
        readings = orders.result_ids.filtered(lambda result: not result.is_automatic)
        readings.with_user(self.inspector).value = value
        counts = []
        for some in (orders[:20], orders[20:]):
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.inspector).action_validate()
            # the audit trail is written when the transaction ends
            self.env.cr.flush()
            counts.append(self.env.cr.sql_log_count - before)
        return counts

    def test_verdicts(self):
        group = self._group_of_ten(reading_number=5)
        self._associate(group, product_ids=self.product.ids)
        for value in (4, 6):
            few, many = self._count_validations(value)
            with self.subTest(value=value, few=few, many=many):
                self.assertLess((many - few) / 20, 0.2)

    def test_verdicts_of_averages(self):
        group = self._group_of_ten(reading_number=5, determination="average")
        self._associate(group, product_ids=self.product.ids)
        few, many = self._count_validations(4)
        self.assertLess((many - few) / 20, 0.2, (few, many))
