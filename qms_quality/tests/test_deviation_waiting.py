from odoo.tests import tagged

from .common_deviation import DeviationCase


@tagged("post_install", "-at_install")
class TestDeviationWaiting(DeviationCase):
    """What a pending test will tell is compared when it is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.test = cls.env["qms.test"].create(
            {"name": "Fat", "code": "FATX", "uom_id": cls.percent.id}
        )
        group = cls.env["qms.test.group"].create(
            {
                "name": "Milk",
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "test_id": cls.test.id,
                            "lower_limit": 1,
                            "upper_limit": 20,
                            "attribute_id": cls.fat.id,
                        },
                    )
                ],
            }
        )
        group.with_user(cls.manager).action_activate()
        cls.env["qms.quality.association"].create(
            {
                "name": "Milk comes in",
                "test_group_id": group.id,
                "product_ids": [(4, cls.product.id)],
            }
        )

    def _read_fat(self, lot, value):
        """Enter the reading of the lot's order and validate it, as the inspector."""
        order = self.env["qms.quality.order"].search([("lot_ids", "in", lot.ids)])
        order = order.with_user(self.inspector)
        order.result_ids.value = value
        order.action_validate()
        return order

    def test_a_good_result_leaves_no_trace(self):
        self._make_purchase_card(self._fat(">=", 3.5))
        lot = self._receive_lots(self._buy(10), {"A": 10})
        self.assertFalse(self._deviations(lot_id=lot.id))
        self._read_fat(lot, 4)
        self.assertFalse(self._deviations(lot_id=lot.id))
        self.assertFalse(self.env["qms.deviation.waiting"].search([]))
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_a_bad_result_holds_the_goods(self):
        self._make_purchase_card(self._fat(">=", 3.5))
        receipt = self._buy(10)
        lot = self._receive_lots(receipt, {"A": 10})
        self._read_fat(lot, 3)
        deviation = self._deviations(lot_id=lot.id)
        self.assertEqual((deviation.found, deviation.quantity), ("3 %", 10))
        self.assertEqual(deviation.move_line_id, receipt.move_line_ids.sudo())
        self.assertEqual(deviation.user_id, self.inspector)
        self.assertEqual(lot.inspection_status_id, self.on_hold)

    def test_a_cancelled_order_leaves_nothing_waiting(self):
        self._make_purchase_card(self._fat(">=", 3.5))
        lot = self._receive_lots(self._buy(10), {"A": 10})
        order = self.env["qms.quality.order"].search([("lot_ids", "in", lot.ids)])
        order.with_user(self.manager).action_cancel()
        self.assertEqual(self._deviations(lot_id=lot.id).found, "not recorded")
        self.assertEqual(lot.inspection_status_id, self.on_hold)

    def test_a_bad_result_finds_goods_that_were_moved_on(self):
        self._make_purchase_card(self._fat(">=", 3.5))
        # also where such receipts are refused: these are here already
        self.company.qms_receipt_departure = "refuse"
        lot = self._receive_lots(self._buy(10), {"A": 10})
        order = self.env["qms.quality.order"].search([("lot_ids", "in", lot.ids)])
        self.env["qms.hold"]._search_open(order._name, order.ids)._release("Needed")
        quants = self.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id", "=", self.stock.id)]
        )
        quants.move_quants(location_dest_id=self.shelf, message="Put away")
        self._read_fat(lot, 3)
        self.assertEqual(lot.inspection_status_id, self.on_hold)
