from odoo.tests import tagged

from .common_near_expiry import NearExpiryCase


@tagged("post_install", "-at_install")
class TestNearExpiryExtend(NearExpiryCase):
    """Goods that pass a test again may be used longer."""

    def _make_group(self):
        test = self.env["qms.test"].create(
            {"code": "TASTE", "name": "Taste", "test_type": "pass_fail"}
        )
        group = self.env["qms.test.group"].create(
            {"name": "Taste again", "line_ids": [(0, 0, {"test_id": test.id})]}
        )
        group.action_activate()
        return group

    def _answer(self, row, passed):
        """Record the reading as an inspector, and validate the order."""
        order = row.quality_order_ids.filtered(lambda one: one.state == "draft")
        order = order.with_user(self.inspector)
        order.result_ids.outcome = "pass" if passed else "fail"
        order.action_validate()
        return order

    def test_extend(self):
        lot = self._make_dated_lot("L", 5, quantity=100)
        group = self._make_group()
        row = self._decide(
            self._list(lot),
            "extend",
            test_group_ids=group,
            date_extended=self._move(40),
        )
        order = self._answer(row, passed=False)
        self.assertEqual(order.verdict, "failed")
        self.assertEqual(row.state, "waiting")
        self.assertEqual(lot._qms_get_expiry_day(self.warehouse), self._move(5))
        self._decide(row, "extend", date_extended=self._move(40))
        self._answer(row, passed=True)
        self.assertEqual(row.state, "done")
        self.assertEqual(lot._qms_get_expiry_day(self.warehouse), self._move(40))
        self.assertFalse(self._holds(lot))
        self._run()
        self.assertFalse(self._row(lot))
