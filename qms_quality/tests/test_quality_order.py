from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestQualityOrder(InspectionCase):
    """From the receipt of a clerk to the verdict of an inspector."""

    def test_new_lot_is_held_until_it_passes(self):
        order = self._receive_order()
        lot = order.lot_ids
        self.assertEqual(lot.name, "L1")
        self.assertEqual(
            self._held(order), [(self.under_inspection, lot, self._none())]
        )
        self.assertEqual(lot.inspection_status_id, self.under_inspection)
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual((order.state, order.verdict), ("validated", "passed"))
        self.assertEqual(order.validated_by_id, self.inspector)
        self.assertEqual(self._held(order), [])
        self.assertEqual(lot.inspection_status_id, self.available)

    def _none(self):
        return self.env["stock.location"]

    def test_a_lot_that_fails_stays_on_hold(self):
        order = self._receive_order()
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        self.assertEqual((order.state, order.verdict), ("validated", "failed"))
        self.assertEqual(
            self._held(order), [(self.on_hold, order.lot_ids, self._none())]
        )
        self.assertEqual(
            order.hold_ids.filtered(lambda hold: hold.state == "open").reason,
            "Inspection failed: Weight: 3.90 kg (4.00 – 6.00 kg)",
        )

    def test_chatter_tells_the_verdict(self):
        self._associate(product_ids=self.product.ids)
        good, bad = self._orders(self._receive(["A", "B"]))
        self._fill(good)
        self._fill(bad, fail=True)
        (good | bad).with_user(self.inspector).action_validate()
        self.assertEqual(good.message_ids[0].body, "<p>Inspection passed</p>")
        self.assertEqual(
            bad.message_ids[0].body,
            "<p>Inspection failed: Weight: 3.90 kg (4.00 – 6.00 kg)</p>",
        )
        self.assertEqual(good.message_ids[0].author_id, self.inspector.partner_id)

    def test_the_group_says_in_which_status_a_failed_lot_stays(self):
        group = self._make_weight_group("Strict")
        group = self._replace(group, failed_status_id=self.rejected.id)
        self._associate(group, product_ids=self.product.ids)
        order = self._receive_order()
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.lot_ids.inspection_status_id, self.rejected)

    def test_no_waiting_delivery_gets_the_goods_before_they_pass(self):
        delivery = self._picking("outgoing", 10)
        delivery.action_confirm()
        order = self._receive_order()
        self.assertFalse(delivery.move_ids.quantity)
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(delivery.move_ids.quantity, 10)

    def test_order_describes_its_receipt(self):
        order = self._receive_order()
        picking = order.picking_id
        self.assertEqual(order.event, "receipt")
        self.assertEqual(order.partner_id, self.partner)
        self.assertEqual((order.quantity, order.uom_id), (10, self.product.uom_id))
        self.assertEqual(order.location_id, self.stock)
        self.assertEqual((order.res_model, order.res_id), (picking._name, picking.id))
        self.assertEqual(order.test_group_ids, self.group)
        self.assertRegex(order.name, r"^QO/\d{4}/\d{5}$")
        self.assertEqual(order.state, "draft")
        self.assertEqual(picking.qms_quality_order_count, 1)
        self.assertEqual(order.lot_ids.qms_quality_order_count, 1)
        self.assertEqual(self.product.qms_quality_order_count, 1)
        self.assertEqual(self.product.product_tmpl_id.qms_quality_order_count, 1)

    def test_limits_are_a_copy(self):
        order = self._receive_order()
        line = {"lower_limit": 0, "upper_limit": 1}
        group = self._replace(self.group, first_line=line)
        self.assertEqual(group.line_ids[0].limits, "0.00 – 1.00 kg")
        self.assertEqual(order.test_ids[0].limits, "4.00 – 6.00 kg")

    def test_known_lot_is_held_where_it_arrived(self):
        self._associate(product_ids=self.product.ids)
        lot = self._receive_order(lots=["L1"]).lot_ids
        first = lot.qms_quality_order_ids
        self._fill(first)
        first.with_user(self.inspector).action_validate()
        again = self._orders(self._receive([lot], dest=self.shelf))
        self.assertEqual(self._held(again), [(self.under_inspection, lot, self.shelf)])
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_untracked_goods_are_held_where_they_arrived(self):
        self._associate(product_ids=self.untracked.ids)
        order = self._orders(self._receive(product=self.untracked))
        self.assertEqual(
            self._held(order),
            [(self.under_inspection, self.env["stock.lot"], self.stock)],
        )
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(
            self._held(order), [(self.on_hold, self.env["stock.lot"], self.stock)]
        )

    def test_failed_goods_are_held_wherever_they_went(self):
        self._associate(product_ids=self.untracked.ids)
        order = self._orders(self._receive(product=self.untracked, dest=self.shelf))
        other = self._make_location("Other shelf")
        move = self._picking("internal", 4, self.untracked, self.shelf, other)
        move.action_confirm()
        move.move_ids.quantity = 4
        move.move_ids.picked = True
        move.button_validate()
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        no_lot = self.env["stock.lot"]
        self.assertCountEqual(
            self._held(order),
            [(self.on_hold, no_lot, self.shelf), (self.on_hold, no_lot, other)],
        )

    def test_serials_of_a_receipt_line_share_an_order(self):
        product = self._make_product("Pump", tracking="serial")
        self._associate(self._make_weight_group(), product_ids=product.ids)
        picking = self._receive(["S1", "S2", "S3"], product)
        order = self._orders(picking)
        self.assertEqual(order.lot_ids.mapped("name"), ["S1", "S2", "S3"])
        self.assertEqual(set(order.lot_ids.mapped("qms_batch")), {picking.name})
        self.assertEqual(order.quantity, 3)
        self.assertEqual(len(self._held(order)), 3)
        self.assertEqual(order.result_ids.lot_id, order.lot_ids)
        first, second, third = order.result_ids.with_user(self.inspector)
        first.value, third.value = 5, 5
        second.value = 7
        order.with_user(self.inspector).action_validate()
        hold = order.hold_ids.filtered(lambda hold: hold.state == "open")[:1]
        self.assertEqual(
            hold.reason,
            "Inspection failed: Weight (S2): 7.00 kg (4.00 – 6.00 kg)",
        )

    def test_serials_of_different_batches_have_their_own_order(self):
        product = self._make_product("Pump", tracking="serial")
        lots = self._make_lot("S1", product) | self._make_lot("S2", product)
        lots[0].qms_batch = "B1"
        lots[1].qms_batch = "B2"
        self._associate(self._make_weight_group(), product_ids=product.ids)
        orders = self._orders(self._receive(list(lots), product))
        self.assertEqual(len(orders), 2)

    def test_a_batch_finds_its_serials(self):
        product = self._make_product("Pump", tracking="serial")
        picking = self._receive(["S1", "S2"], product)
        found = self.env["stock.lot"].search([("qms_batch", "=", picking.name)])
        self.assertEqual(found.mapped("name"), ["S1", "S2"])

    def test_serials_that_are_made_share_the_production(self):
        worker = self._make_user("qms_worker", "mrp.group_mrp_user")
        form = Form(self.env["mrp.production"].with_user(worker))
        form.product_id = self._make_product("Pump", tracking="serial")
        production = form.save()
        production.action_confirm()
        production.action_generate_serial()
        self.assertEqual(production.lot_producing_ids.qms_batch, production.name)

    def test_two_lots_of_a_line_have_an_order_each(self):
        self._associate(product_ids=self.product.ids)
        orders = self._orders(self._receive(["A", "B"]))
        self.assertEqual(orders.mapped("lot_names"), ["A", "B"])

    def test_a_lot_on_two_lines_has_one_order(self):
        self._associate(product_ids=self.product.ids)
        order = self._orders(self._receive(["A", "A"]))
        self.assertEqual((order.lot_names, order.quantity), ("A", 20))

    def test_partial_receipt_and_its_backorder_have_an_order_each(self):
        self._associate(product_ids=self.product.ids)
        picking = self._picking("incoming", 10).with_user(self.clerk)
        picking.action_confirm()
        picking.move_ids.move_line_ids.write({"quantity": 4, "lot_name": "A"})
        picking.move_ids.picked = True
        wizard = Form.from_action(picking.env, picking.button_validate()).save()
        wizard.process()
        self.assertEqual(self._orders(picking).quantity, 4)
        rest = picking.backorder_ids
        rest.move_ids.move_line_ids.write({"quantity": 6, "lot_name": "B"})
        rest.move_ids.picked = True
        rest.button_validate()
        self.assertEqual(self._orders(rest).quantity, 6)

    def test_production_output_by_a_manufacturing_user(self):
        worker = self._make_user("qms_worker", "mrp.group_mrp_user")
        self._associate(event="output", product_ids=self.product.ids)
        form = Form(self.env["mrp.production"].with_user(worker))
        form.product_id = self.product
        form.product_qty = 2
        production = form.save()
        production.action_confirm()
        production.action_generate_serial()
        production.qty_producing = 2
        production.button_mark_done()
        self.assertEqual(production.state, "done")
        order = self.env["qms.quality.order"].search(
            [("production_id", "=", production.id)]
        )
        self.assertEqual((order.event, order.quantity), ("output", 2))
        self.assertEqual(order.lot_ids, production.lot_producing_ids)
        self.assertEqual(order.lot_ids.inspection_status_id, self.under_inspection)
        self.assertEqual(production.qms_quality_order_count, 1)

    def test_purchase_order_shows_its_orders(self):
        self._associate(product_ids=self.product.ids)
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    (0, 0, {"product_id": self.product.id, "product_qty": 5})
                ],
            }
        )
        purchase.button_confirm()
        picking = purchase.picking_ids.with_user(self.clerk)
        picking.move_ids.move_line_ids.write({"quantity": 5, "lot_name": "A"})
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(purchase.qms_quality_order_count, 1)
        order = self._orders(picking)
        self.assertEqual(order.purchase_line_id, purchase.order_line)
        buyer = self._make_user("qms_buyer", "purchase.group_purchase_user")
        action = purchase.with_user(buyer).action_open_quality_orders()
        self.assertEqual(action["res_id"], order.id)
        read = order.with_user(buyer).read(["name", "lot_names", "verdict"])
        self.assertEqual(read[0]["lot_names"], "A")

    def test_two_orders_hold_a_lot_until_both_have_passed(self):
        self._associate(product_ids=self.product.ids)
        self._associate(self._make_weight_group(), product_ids=self.product.ids)
        first, second = self._orders(self._receive(["A"]))
        self._fill(first | second)
        first.with_user(self.inspector).action_validate()
        self.assertEqual(first.lot_ids.inspection_status_id, self.under_inspection)
        second.with_user(self.inspector).action_validate()
        self.assertEqual(first.lot_ids.inspection_status_id, self.available)

    def test_several_orders_are_validated_at_once(self):
        self._associate(product_ids=self.product.ids)
        orders = self._orders(self._receive(["A", "B", "C"]))
        self._fill(orders[:2])
        self._fill(orders[2], fail=True)
        orders.with_user(self.inspector).action_validate()
        self.assertEqual(orders.mapped("verdict"), ["passed", "passed", "failed"])
        self.assertEqual(
            [order.lot_ids.inspection_status_id for order in orders],
            [self.available, self.available, self.on_hold],
        )

    def test_what_is_missing_is_named_at_once(self):
        self._associate(product_ids=self.product.ids)
        first, second = self._orders(self._receive(["A", "B"]))
        first.result_ids[0].with_user(self.inspector).value = 5
        empty = self._manual_order(test_group_ids=False)
        with self.assertRaises(UserError) as error:
            (first | second | empty).with_user(self.inspector).action_validate()
        self.assertEqual(
            str(error.exception),
            "The inspection isn't complete:\n"
            f"- {first.name}: no reading for Fat content #1\n"
            f"- {first.name}: no reading for Fat content #2\n"
            f"- {first.name}: no reading for Taste\n"
            f"- {second.name}: no reading for Weight\n"
            f"- {second.name}: no reading for Fat content #1\n"
            f"- {second.name}: no reading for Fat content #2\n"
            f"- {second.name}: no reading for Taste\n"
            f"- {empty.name}: it has no tests. Add a test group.",
        )
        self.assertEqual(first.state, "open")

    def test_an_order_of_optional_tests_needs_a_reading(self):
        group = self._make_weight_group(required=False)
        self._associate(group, product_ids=self.product.ids)
        order = self._orders(self._receive(["A"])).with_user(self.inspector)
        with self.assertRaises(UserError) as error:
            order.action_validate()
        self.assertEqual(
            str(error.exception),
            f"The inspection isn't complete:\n- {order.name}: no reading was recorded",
        )
        order.result_ids.value = 5
        order.action_validate()
        self.assertEqual(order.verdict, "passed")

    def test_optional_tests_do_not_fail_an_order(self):
        group = self._make_group(
            "Mixed",
            {"test_id": self.weight.id, "lower_limit": 4},
            {"test_id": self.fat.id, "upper_limit": 1, "required": False},
        )
        self._associate(group, product_ids=self.product.ids)
        order = self._orders(self._receive(["A"])).with_user(self.inspector)
        order.result_ids[0].value = 5
        order.result_ids[1].value = 5
        order.action_validate()
        self.assertEqual(order.test_ids.mapped("verdict"), ["passed", "failed"])
        self.assertEqual(order.verdict, "passed")

    # -- Cancel, reopen, delete -------------------------------------------------------

    def test_cancel_releases(self):
        order = self._receive_order()
        order.with_user(self.manager).action_cancel()
        self.assertEqual(order.state, "cancelled")
        self.assertEqual(order.lot_ids.inspection_status_id, self.available)

    def test_reopen_holds_again(self):
        order = self._receive_order()
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        order.with_user(self.manager).action_reopen()
        self.assertEqual((order.state, order.verdict), ("open", False))
        self.assertEqual(order.lot_ids.inspection_status_id, self.under_inspection)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.lot_ids.inspection_status_id, self.available)

    def test_reopen_takes_back_on_hold(self):
        order = self._receive_order()
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        order.with_user(self.manager).action_reopen()
        self.assertEqual(
            self._held(order), [(self.under_inspection, order.lot_ids, self._none())]
        )

    def test_delete(self):
        orders = self._manual_order() | self._manual_order()
        lot = orders.lot_ids
        orders.with_user(self.manager).unlink()
        self.assertEqual(lot.inspection_status_id, self.available)
        order = self._receive_order()
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        with self.assertRaises(UserError) as error:
            order.with_user(self.manager).unlink()
        self.assertEqual(
            str(error.exception),
            "Only orders that nobody started can be deleted, not:"
            f" {order.name} (Validated).",
        )

    def test_copy_starts_anew(self):
        order = self._receive_order()
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        copied = order.with_user(self.inspector).copy()
        self.assertEqual((copied.state, copied.verdict), ("draft", False))
        self.assertNotEqual(copied.name, order.name)
        self.assertFalse(copied.lot_ids)
        self.assertEqual(copied.test_group_ids, self.group)
        self.assertFalse(any(copied.result_ids.mapped("is_recorded")))
        self.assertFalse(copied.validated_by_id)
        # a copy names no lot: it must not hold all lots of the place
        self.assertEqual(self._held(copied), [])
