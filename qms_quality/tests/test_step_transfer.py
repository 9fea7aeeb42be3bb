from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common_step import StepCase


@tagged("post_install", "-at_install")
class TestStepTransfer(StepCase):
    """Receipts, transfers, deliveries and returns wait for their inspections."""

    # -- Purchase ----------------------------------------------------------------------

    def test_receipt_waits_for_its_inspection(self):
        rule = self._rule("receipt_ready", "transfer")
        _purchase, picking = self._buy()
        order = self._orders_of(rule)
        self.assertEqual(order.picking_id, picking.sudo())
        self.assertEqual((order.quantity, order.lot_ids.ids), (10, []))
        self.assertEqual((order.res_model, order.res_id), (picking._name, picking.id))
        self._name_lot(picking, "L1")
        self._assert_waits(picking.name, order, picking.button_validate)
        self.assertEqual(picking.state, "assigned")
        self._inspect(order)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        lot = picking.move_line_ids.lot_id.sudo()
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_receipt_waits_for_what_failed(self):
        rule = self._rule("receipt_ready", "transfer")
        _purchase, picking = self._buy()
        order = self._orders_of(rule)
        self._inspect(order, fail=True)
        self._name_lot(picking, "L1")
        self._assert_waits(picking.name, order, picking.button_validate)
        order.with_user(self.manager).action_reopen()
        order.with_user(self.manager).action_cancel()
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_lot_typed_after_the_order_was_made(self):
        rule = self._rule("receipt_ready")
        _purchase, picking = self._buy()
        order = self._orders_of(rule)
        self._name_lot(picking, "L1")
        picking.button_validate()
        lot = picking.move_line_ids.lot_id.sudo()
        self.assertEqual(order.lot_ids, lot)
        self.assertEqual(
            self._held(order),
            [
                (self.under_inspection, lot, lot.browse())[:2]
                + (self.env["stock.location"],)
            ],
        )
        self._inspect(order)
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_several_lots_for_one_order(self):
        rule = self._rule("receipt_ready")
        _purchase, picking = self._buy()
        move = picking.move_ids
        line = move.move_line_ids
        line.write({"lot_name": "A", "quantity": 6})
        line.copy({"lot_name": "B", "quantity": 4})
        picking.move_ids.picked = True
        picking.button_validate()
        orders = self._orders_of(rule)
        self.assertEqual(orders.mapped("lot_names"), ["A", "B"])
        self.assertEqual(orders.mapped("quantity"), [6, 4])
        self.assertEqual(orders.result_ids.mapped("test_id"), self.weight)
        statuses = orders.lot_ids.mapped("inspection_status_id")
        self.assertEqual(statuses, self.under_inspection)

    def test_failed_before_arrives_rejected(self):
        line = {"test_id": self.weight.id, "lower_limit": 4, "upper_limit": 6}
        group = self._make_group("Strict", line, failed_status_id=self.rejected.id)
        rule = self._associate(
            group, event="receipt_ready", product_ids=self.product.ids
        )
        _purchase, picking = self._buy()
        self._inspect(self._orders_of(rule), fail=True)
        self._name_lot(picking, "L1")
        picking.button_validate()
        lot = picking.move_line_ids.lot_id.sudo()
        self.assertEqual(lot.inspection_status_id, self.rejected)

    def test_bill_waits(self):
        for event, received in (("receipt_ready", False), ("receipt", True)):
            with self.subTest(event=event):
                rule = self._rule(event, "bill")
                purchase, picking = self._buy()
                if received:
                    self._name_lot(picking, f"L{event}")
                    picking.button_validate()
                order = self._orders_of(rule)
                purchase.with_user(self.purchaser).action_create_invoice()
                bill = purchase.sudo().invoice_ids.with_user(self.accountant)
                bill.invoice_date = "2025-03-03"
                self._assert_waits(bill.display_name, order, bill.action_post)
                self._inspect(order)
                bill.action_post()
                self.assertEqual(bill.state, "posted")
                rule.active = False

    def test_next_transfer_waits(self):
        self.warehouse.reception_steps = "two_steps"
        rule = self._rule("receipt", "next")
        _purchase, picking = self._buy()
        self._name_lot(picking, "L1")
        picking.button_validate()
        order = self._orders_of(rule)
        put_away = picking.move_ids.move_dest_ids.picking_id
        self._assert_waits(put_away.name, order, put_away.button_validate)
        self._inspect(order)
        put_away.button_validate()
        self.assertEqual(put_away.state, "done")

    # -- What happens to documents -----------------------------------------------------

    def test_partial_receipt_and_its_backorder(self):
        rule = self._rule("receipt_ready", "transfer")
        _purchase, picking = self._buy()
        first = self._orders_of(rule)
        self._inspect(first)
        picking.move_ids.move_line_ids.write({"lot_name": "A", "quantity": 4})
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=[]
        ).button_validate()
        rest = picking.backorder_ids
        second = self._orders_of(rule) - first
        self.assertEqual(second.picking_id, rest.sudo())
        self.assertEqual(second.quantity, 6)
        rest.move_ids.move_line_ids.lot_name = "B"
        self._assert_waits(rest.name, second, rest.button_validate)
        self._inspect(second)
        rest.button_validate()
        self.assertEqual(rest.state, "done")

    def test_rest_of_a_receipt_does_not_wait(self):
        """A line that is not posted blocks nothing: it goes to the backorder."""
        rule = self._rule("receipt_ready", "transfer")
        _purchase, picking = self._buy()
        picking.sudo().move_ids.create(
            {
                "product_id": self.untracked.id,
                "product_uom_qty": 1,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )._action_confirm()
        salt = picking.move_ids.filtered(lambda m: m.product_id == self.untracked)
        salt.write({"quantity": 1, "picked": True})
        (picking.move_ids - salt).quantity = 0
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(salt.state, "done")
        self.assertEqual(self._orders_of(rule).state, "draft")

    def test_extra_line_gets_its_own_order(self):
        rule = self._rule("receipt_ready", "transfer")
        _purchase, picking = self._buy()
        first = self._orders_of(rule)
        self._inspect(first)
        self._name_lot(picking, "A")
        move = picking.sudo().move_ids
        extra = move.copy({"product_uom_qty": 3, "picking_id": picking.id})
        extra._action_confirm(merge=False)
        extra.move_line_ids.lot_name = "B"
        second = self._orders_of(rule) - first
        self.assertEqual((second.move_id, second.quantity), (extra, 3))
        self._assert_waits(picking.name, second, picking.button_validate)

    def test_changed_quantity(self):
        # Batch Transfers reads its batches for whoever changes a quantity
        self.purchaser.group_ids |= self.env.ref("stock.group_stock_user")
        rule = self._rule("receipt_ready")
        purchase, _picking = self._buy()
        order = self._orders_of(rule)
        purchase.order_line.product_qty = 7
        self.assertEqual(order.quantity, 7)
        order.with_user(self.inspector).action_start()
        purchase.order_line.product_qty = 5
        self.assertEqual(order.quantity, 7)

    def test_cancelled_transfer(self):
        rule = self._rule("receipt_ready", "transfer", "bill")
        _purchase, picking = self._buy()
        order = self._orders_of(rule)
        picking.action_cancel()
        self.assertEqual(order.state, "cancelled")
        self.assertIn("The document was cancelled", order.message_ids[1].body)

    def test_cancelled_purchase(self):
        rule = self._rule("receipt_ready", "transfer")
        unread, _picking = self._buy()
        read, _picking = self._buy()
        first, second = self._orders_of(rule)
        second.with_user(self.manager).user_id = self.inspector
        self._fill(second)
        (unread | read).button_cancel()
        self.assertEqual((first.state, second.state), ("cancelled", "open"))
        self.assertEqual(second.activity_ids.user_id, self.inspector)
        self.assertEqual(second.activity_ids.summary, "The document was cancelled")

    def test_cancelled_after_a_reading_was_taken_back(self):
        """What is on hold stays so until somebody decides."""
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        rule = self._rule("transfer_ready")
        picking = self._transfer(lot)
        order = self._orders_of(rule)
        self._fill(order, fail=True)
        order.result_ids.with_user(self.inspector).value = False
        held = self._held(order)
        self.assertEqual([status for status, *_goods in held], [self.on_hold])
        picking.action_cancel()
        self.assertEqual(order.state, "open")
        self.assertEqual(self._held(order), held)
        self.assertEqual(order.activity_ids.user_id, self.inspector)

    def test_cancelled_after_a_manager_decided(self):
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        rule = self._rule("transfer_ready")
        picking = self._transfer(lot)
        order = self._orders_of(rule)
        order.with_user(self.manager).action_override(
            "spec", order.spec_ids.id, "failed", "Smells of solvent"
        )
        held = self._held(order)
        self.assertEqual([status for status, *_goods in held], [self.on_hold])
        picking.action_cancel()
        self.assertEqual(order.state, "draft")
        self.assertEqual(self._held(order), held)
        # nobody has read: whoever cancelled is asked
        self.assertEqual(order.activity_ids.user_id, self.clerk)

    def test_validated_at_once_makes_the_orders(self):
        """Who validates a draft sees what has to be inspected, and it stays."""
        rule = self._rule("transfer_ready", "transfer")
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        picking = self._picking("internal", 4, dest=self.shelf).with_user(self.clerk)
        action = picking.button_validate()
        order = self._orders_of(rule)
        self.assertEqual(order.lot_ids, lot)
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(action["params"]["title"], "To be inspected first")
        self.assertEqual(
            action["params"]["message"], order._get_step_refusal(picking.name)
        )

    # -- Transfers ---------------------------------------------------------------------

    def test_transfer_waits(self):
        rule = self._rule("transfer_ready", "transfer")
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        picking = self._transfer(lot)
        order = self._orders_of(rule)
        self.assertEqual((order.lot_ids, order.quantity), (lot, 4))
        self.assertFalse(self._held(order))
        self._assert_waits(picking.name, order, picking.button_validate)
        self._inspect(order)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_another_lot_takes_over_the_order(self):
        rule = self._rule("transfer_ready", "transfer")
        first, second = self._make_lot("L1"), self._make_lot("L2")
        self._stock_up(10, first)
        self._stock_up(10, second)
        picking = self._transfer(first)
        order = self._orders_of(rule)
        self.assertEqual(order.lot_ids, first)
        picking.move_line_ids.lot_id = second
        order.invalidate_recordset()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            picking.button_validate()
        self.assertEqual(picking.state, "assigned")
        picking.move_ids._qms_make_step_orders()
        self.assertEqual(order.lot_ids, second)
        self.assertEqual(self._orders_of(rule), order)

    def test_after_a_transfer_the_next_one_waits(self):
        rule = self._rule("transfer_done", "next")
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        picking = self._transfer(lot)
        picking.button_validate()
        order = self._orders_of(rule)
        self.assertEqual((order.lot_ids, order.location_id), (lot, self.shelf))
        other = self._make_location("Other")
        back = self._transfer(lot, self.shelf, other, 2)
        self._assert_waits(back.name, order, back.button_validate)
        self._inspect(order)
        back.button_validate()
        self.assertEqual(back.state, "done")

    def test_between_warehouses(self):
        other = self.env["stock.warehouse"].create({"name": "B", "code": "BB"})
        rule = self._rule("transfer_ready", "transfer", warehouse_id=other.id)
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        self._transfer(lot)
        self.assertFalse(self._orders_of(rule))
        picking = self._transfer(lot, self.stock, other.lot_stock_id)
        order = self._orders_of(rule)
        self._assert_waits(picking.name, order, picking.button_validate)

    # -- Lots --------------------------------------------------------------------------

    def test_lot_created(self):
        rule = self._rule("lot_created")
        lot = (
            self.env["stock.lot"]
            .with_user(self.clerk)
            .create({"name": "L1", "product_id": self.product.id})
        )
        order = self._orders_of(rule)
        self.assertEqual(order.lot_ids, lot.sudo())
        self.assertIn(self.under_inspection, [held[0] for held in self._held(order)])
        self._inspect(order)
        # a new lot waits for its first goods
        self._receive([lot.sudo()])
        self.assertEqual(lot.sudo().inspection_status_id, self.available)

    def test_free_when_all_that_hold_it_passed(self):
        groups = self.small, self._make_weight_group("Other")
        for group in groups:
            self._associate(group, event="receipt", product_ids=self.product.ids)
        orders = self._orders(self._receive(["L1"]))
        self.assertEqual(len(orders), 2)
        self._inspect(orders[0])
        self.assertEqual(orders.lot_ids.inspection_status_id, self.under_inspection)
        self._inspect(orders[1])
        self.assertEqual(orders.lot_ids.inspection_status_id, self.available)

    # -- Rules -------------------------------------------------------------------------

    def test_only_legal_steps(self):
        with self.assertRaises(ValidationError) as error:
            self._rule("receipt", "transfer")
        self.assertEqual(
            str(error.exception),
            "Weight: what comes before or beside “Receipt done” can't wait for it: The"
            " Transfer. Possible are: The Next Transfer, The Bill or Invoice.",
        )

    def test_dates_of_effect(self):
        rule = self._rule("receipt", date_from="2000-01-01", date_to="2000-12-31")
        self._receive(["L1"])
        self.assertFalse(self._orders_of(rule))
        rule.date_to = "2999-12-31"
        self._receive(["L2"])
        self.assertEqual(len(self._orders_of(rule)), 1)

    def test_operation_type(self):
        rule = self._rule("receipt", picking_type_ids=self.warehouse.out_type_id.ids)
        self._receive(["L1"])
        self.assertFalse(self._orders_of(rule))
        rule.picking_type_ids = self.warehouse.in_type_id
        self._receive(["L2"])
        self.assertEqual(len(self._orders_of(rule)), 1)

    # -- By hand -----------------------------------------------------------------------

    def _by_hand(self, record, *steps, **vals):
        """Make an order from ``record`` on its form, as an inspector."""
        action = record.sudo().with_user(self.inspector).action_new_quality_order()
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        with Form(orders.with_context(**action["context"])) as form:
            form.test_group_ids.add(self.small)
            form.hold_goods = False
            for name, value in vals.items():
                form[name] = value
            for step in steps:
                form[f"block_{step}"] = True
        return form.record

    def test_by_hand_from_a_transfer(self):
        purchase, picking = self._buy()
        purchase.with_user(self.purchaser).action_create_invoice()
        bill = purchase.sudo().invoice_ids.with_user(self.accountant)
        bill.invoice_date = "2025-03-03"
        order = self._by_hand(picking, "transfer", "bill")
        self._name_lot(picking, "L1")
        self._assert_waits(picking.name, order, picking.button_validate)
        self._assert_waits(bill.display_name, order, bill.action_post)
        with self.assertRaises(UserError):
            order.block_transfer = False
        self._inspect(order)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_by_hand_the_next_transfer_of_a_receipt_waits(self):
        self.warehouse.reception_steps = "two_steps"
        _purchase, picking = self._buy()
        order = self._by_hand(picking, "next")
        self._name_lot(picking, "L1")
        picking.button_validate()
        put_away = picking.move_ids.move_dest_ids.picking_id
        self._assert_waits(put_away.name, order, put_away.button_validate)
        self._inspect(order)
        put_away.button_validate()
        self.assertEqual(put_away.state, "done")

    def test_by_hand_what_lies_in_a_place_waits(self):
        lot = self._receive(["L1"]).move_line_ids.lot_id
        order = self._by_hand(lot, "next", location_id=self.stock)
        other = self._make_location("Other", self.warehouse.view_location_id)
        picking = self._transfer(lot, dest=other)
        self._assert_waits(picking.name, order, picking.button_validate)
        self._inspect(order)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def _order_without_product(self, picking, **vals):
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        return orders.create(
            {
                "subject": "Dented pallets",
                "picking_id": picking.id,
                "test_group_ids": self.small.ids,
                **vals,
            }
        )

    def test_an_order_without_product_is_about_its_document(self):
        purchase, picking = self._buy()
        purchase.with_user(self.purchaser).action_create_invoice()
        bill = purchase.sudo().invoice_ids.with_user(self.accountant)
        bill.invoice_date = "2025-03-03"
        order = self._order_without_product(
            picking, block_transfer=True, block_bill=True
        )
        self._name_lot(picking, "L1")
        self._assert_waits(picking.name, order, picking.button_validate)
        self._assert_waits(bill.display_name, order, bill.action_post)
        self._inspect(order)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_the_next_transfer_waits_for_an_order_without_product(self):
        self.warehouse.reception_steps = "two_steps"
        _purchase, picking = self._buy()
        self._name_lot(picking, "L1")
        for place in (False, picking.location_dest_id.id):
            with self.subTest(place=place):
                order = self._order_without_product(
                    picking, block_next=True, location_id=place
                )
                if picking.state != "done":
                    picking.button_validate()
                put_away = picking.move_ids.move_dest_ids.picking_id
                self._assert_waits(put_away.name, order, put_away.button_validate)
                self._inspect(order)
        put_away.button_validate()
        self.assertEqual(put_away.state, "done")

    # -- Queries -----------------------------------------------------------------------

    def test_queries_do_not_grow(self):
        self._rule("receipt_ready", "transfer")
        counts = []
        for number in (5, 5, 25):
            picking = self._make_receipt(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.assertRaises(UserError), self.env.cr.savepoint():
                picking.button_validate()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2] - counts[1], 5, counts)

    def _make_receipt(self, number):
        picking = self._picking("incoming", 1)
        move = picking.move_ids
        for _index in range(number - 1):
            move.copy({"product_id": self.product.id, "picking_id": picking.id})
        picking.move_ids._action_confirm(merge=False)
        self.assertEqual(len(self._orders(picking)), number)
        for index, line in enumerate(picking.move_line_ids):
            line.lot_name = f"{picking.id}-{index}"
        return picking.with_user(self.clerk)
