from odoo.tests import tagged

from .common_deviation import DeviationCase


@tagged("post_install", "-at_install")
class TestDeviationProduction(DeviationCase):
    """What is used and what is made is compared as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cheese = cls._make_product("Cheese")
        cls.bom = cls._make_bom([(cls.product, 2)], product=cls.cheese)

    def _make(self, order):
        order.lot_producing_ids = self._make_lot("C-1", self.cheese)
        order.qty_producing = order.product_qty
        order._set_qty_producing(False)
        order.move_raw_ids.picked = True
        order.with_user(self.operator).button_mark_done()
        self.assertEqual(order.state, "done")

    def test_what_is_used_is_recorded(self):
        self._make_card(
            self._fat(">=", 3.5, "recorded"), kind="production", use="component"
        )
        lot = self._stock_lot("A", values={self.fat: 3.0})
        order = self._make_order(self.bom, 2)
        self._make(order)
        self.assertRecordValues(
            self._deviations(lot_id=lot.id),
            [
                {
                    "direction": "production",
                    "production_id": order.id,
                    "quantity": 4,
                    "found": "3 %",
                    "user_id": self.operator.id,
                }
            ],
        )
        self.assertEqual(order.qms_deviation_count, 1)

    def test_what_is_made_and_departs_is_held(self):
        self._make_card(self._fat(">=", 3.5), kind="production", use="output")
        self._stock_lot("A")
        order = self._make_order(self.bom, 2)
        self._make(order)
        lot = order.lot_producing_ids
        self.assertEqual(self._deviations(lot_id=lot.id).found, "not recorded")
        self.assertEqual(lot.inspection_status_id, self.on_hold)
