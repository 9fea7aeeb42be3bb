from odoo.tests import tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestHoldTold(QmsCase):
    """Who loses reserved goods gets one activity a hold, while they are held."""

    def setUp(self):
        super().setUp()
        self.lot = self._make_lot("TOLD-1")
        self._stock_up(10, self.lot)

    def _reserve(self, quantity=5):
        """Reserve for a delivery that the clerk looks after."""
        delivery = self._picking("outgoing", quantity, user_id=self.clerk.id)
        delivery.action_confirm()
        self.assertEqual(delivery.move_ids.quantity, quantity)
        return delivery

    def _get_told(self, holds):
        return {hold: hold.activity_ids.user_id for hold in holds if hold.activity_ids}

    def test_one_a_hold_and_not_one_a_move(self):
        deliveries = self._reserve() | self._reserve()
        hold = self._hold(lot=self.lot)
        self.assertEqual(len(hold.activity_ids), 1)
        self.assertEqual(hold.activity_ids.user_id, self.clerk)
        for delivery in deliveries:
            self.assertIn(delivery.name, hold.activity_ids.note)
        hold._release("ok")
        self.assertFalse(hold.activity_ids)

    def test_a_hold_after_the_other(self):
        delivery = self._reserve()
        first = self._hold(lot=self.lot)
        first._release("ok")
        self.assertEqual(delivery.move_ids.quantity, 5)
        second = self._hold(lot=self.lot)
        self.assertEqual(self._get_told(first | second), {second: self.clerk})
        self.assertEqual(len(second.activity_ids), 1)

    def test_a_second_hold_keeps_the_first_ones_activity(self):
        self._reserve()
        first = self._hold(lot=self.lot)
        second = self._hold(lot=self.lot, reason="Another")
        # nothing was left for it to take
        self.assertEqual(self._get_told(first | second), {first: self.clerk})
        first._release("ok")
        self.assertEqual(self._get_told(first | second), {second: self.clerk})
        self.assertEqual(len(second.activity_ids), 1)
        second._release("ok")
        self.assertFalse(self._get_told(first | second))

    def test_a_stricter_second_hold_tells_whom_it_concerns(self):
        status = self.env["qms.inspection.status"].create(
            {"name": "Not to be used", "code": "NTU", "policy_consumption": "block"}
        )
        delivery = self._reserve()
        first = self._hold(status, lot=self.lot)
        self.assertEqual(delivery.move_ids.quantity, 5)
        self.assertFalse(first.activity_ids)
        second = self._hold(lot=self.lot, reason="Another")
        self.assertEqual(self._get_told(first | second), {second: self.clerk})

    def test_many_lots_held_at_once_stay_told_until_the_last_is_released(self):
        other = self._make_lot("TOLD-2")
        self._stock_up(10, other)
        self._reserve(20)
        holds = self.env["qms.hold"]._place(
            [
                {
                    "product_id": self.product.id,
                    "lot_id": lot.id,
                    "status_id": self.on_hold.id,
                    "reason": "Test",
                }
                for lot in (self.lot, other)
            ]
        )
        self.assertEqual(self._get_told(holds), {holds[0]: self.clerk})
        for lot in (self.lot, other):
            self.assertIn(lot.name, holds.activity_ids.note)
        holds[0]._release("ok")
        self.assertEqual(self._get_told(holds), {holds[1]: self.clerk})
        holds[1]._release("ok")
        self.assertFalse(self._get_told(holds))
