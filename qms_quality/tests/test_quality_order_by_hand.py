from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestQualityOrderByHand(InspectionCase):
    """Orders that an inspector makes, and what can be changed of them."""

    # -- By hand ----------------------------------------------------------------------

    def test_order_by_hand_from_a_lot(self):
        lot = self._make_lot("HAND")
        self._stock_up(7, lot)
        action = lot.with_user(self.inspector).action_new_quality_order()
        form = Form(
            self.env["qms.quality.order"]
            .with_user(self.inspector)
            .with_context(**action["context"])
        )
        form.test_group_ids.add(self.group)
        order = form.save()
        self.assertEqual((order.event, order.quantity), ("manual", 7))
        self.assertEqual(len(order.result_ids), 4)
        self.assertEqual(lot.inspection_status_id, self.under_inspection)

    def test_order_by_hand_from_a_transfer(self):
        picking = self._receive(["A"])
        action = picking.with_user(self.inspector).action_new_quality_order()
        form = Form(
            self.env["qms.quality.order"]
            .with_user(self.inspector)
            .with_context(**action["context"])
        )
        form.test_group_ids.add(self.group)
        order = form.save()
        self.assertEqual(order.lot_names, "A")
        self.assertEqual(order.picking_id, picking)
        self.assertEqual(order.partner_id, self.partner)

    def test_order_by_hand_for_untracked_goods_holds_their_place(self):
        order = self._manual_order(
            product_id=self.untracked.id, lot_ids=False, location_id=self.shelf.id
        )
        self.assertEqual(
            self._held(order),
            [(self.under_inspection, self.env["stock.lot"], self.shelf)],
        )

    def test_lots_that_only_orders_speak_of_keep_their_identity(self):
        lot, other = self._make_lot("HAND"), self._make_lot("OTHER")
        order = self._manual_order(lot_ids=lot.ids, hold_goods=False)
        order.with_user(self.manager).action_cancel()
        self.assertFalse(lot.qms_hold_ids)
        lot = lot.with_user(self.clerk)
        kept = (
            "These lots are held or have quality records, so they keep their number and"
            " product, and are not archived: HAND.\nSplit or scrap the lot instead, or"
            " release and correct it by an inventory count under a new number."
        )
        refusals = (
            (lambda: lot.write({"name": "NEW"}), kept),
            (lambda: lot.write({"product_id": self.untracked.id}), kept),
            (
                lot.unlink,
                "These lots are held or have quality records and can't be deleted:"
                " HAND.",
            ),
            (
                lambda: lot._qms_merge(other),
                "These lots are held or have quality records and can't be merged:"
                " HAND.",
            ),
        )
        for call, message in refusals:
            with self.subTest(message), self.assertRaises(UserError) as refusal:
                call()
            self.assertEqual(str(refusal.exception), message)

    def test_a_loose_sample_holds_nothing(self):
        order = self._manual_order(lot_ids=False)
        self.assertEqual(self._held(order), [])

    def test_groups_are_added_and_taken_away(self):
        order = self._manual_order()
        weight = self._make_weight_group()
        order.test_group_ids = self.group | weight
        self.assertEqual(len(order.result_ids), 5)
        self.assertEqual(order.spec_ids.test_group_id, self.group | weight)
        manager_order = order.with_user(self.manager)
        manager_order.test_group_ids = weight
        self.assertEqual(order.result_ids.test_id, self.weight)

    def test_an_inspector_cannot_take_tests_away(self):
        order = self._manual_order()
        with self.assertRaises(AccessError):
            order.test_group_ids = self._make_weight_group()

    def test_tests_with_readings_stay(self):
        order = self._manual_order()
        order.result_ids[0].value = 5
        with self.assertRaises(UserError) as error:
            order.with_user(self.manager).test_group_ids = False
        self.assertEqual(
            str(error.exception),
            "Readings were taken for: Raw milk. It stays on the order.",
        )

    def test_goods_of_an_order_do_not_change(self):
        order = self._manual_order()
        with self.assertRaises(UserError) as error:
            order.lot_ids = self._make_lot("OTHER")
        self.assertEqual(
            str(error.exception),
            f"{order.name} holds its goods, so its Lots/Serial Numbers can't be"
            " changed. Cancel it and make another one.",
        )
        # what stays the same may be written: clients send whole records
        order.write({"product_id": self.product.id, "quantity": 1})

    def test_one_lot_an_order(self):
        lots = self._make_lot("A") | self._make_lot("B")
        with self.assertRaisesRegex(UserError, "one lot, or about serial numbers"):
            self._manual_order(lot_ids=[(6, 0, lots.ids)])
