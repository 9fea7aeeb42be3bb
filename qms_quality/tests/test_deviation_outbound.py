from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_deviation import DeviationCase


@tagged("post_install", "-at_install")
class TestDeviationOutbound(DeviationCase):
    """What departs and leaves is refused, or recorded as allowed or intended."""

    # -- Outbound ----------------------------------------------------------------------

    def test_what_is_allowed_is_recorded_when_it_leaves(self):
        self._make_card(self._fat(">=", 3.5, "recorded"))
        lot = self._stock_lot("A", values={self.fat: 3.0})
        picking = self._sell(4)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertRecordValues(
            self._deviations(lot_id=lot.id),
            [
                {
                    "direction": "out",
                    "found": "3 %",
                    "quantity": 4,
                    "picking_id": picking.id,
                    "is_intentional": False,
                }
            ],
        )

    def test_ignored_requirements_are_recorded_as_intended(self):
        self._make_card(self._fat(">=", 3.5))
        lot = self._stock_lot("A", values={self.fat: 3.0})
        picking = self._sell(4)
        self._copy_of(picking).with_user(self.foreman).action_ignore("Customer agreed")
        picking.action_assign()
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        deviation = self._deviations(lot_id=lot.id)
        self.assertTrue(deviation.is_intentional)
        self.assertEqual(deviation.reason, "Customer agreed")

    def test_asking_before_it_leaves(self):
        """The clerk enters the lot and asks; once that is accepted, it leaves."""
        self._make_card(self._fat(">=", 3.5, "approval"))
        lot = self._stock_lot("A", values={self.fat: 3.0})
        picking = self._sell(4)
        self._take(picking, lot)
        picking.invalidate_recordset()
        self.assertTrue(picking.qms_needs_approval)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            picking.move_ids.picked = True
            picking.button_validate()
        picking.action_ask_approval()
        deviation = self._deviations(lot_id=lot.id)
        self.assertEqual((deviation.state, deviation.departure), ("open", "approval"))
        self.assertFalse(deviation.move_line_id)
        # asking twice asks once
        picking.action_ask_approval()
        self.assertEqual(self._deviations(lot_id=lot.id), deviation)
        self._accept(deviation)
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._deviations(lot_id=lot.id), deviation)
        self.assertEqual(deviation.move_line_id, picking.move_line_ids.sudo())
        self.assertTrue(deviation.is_intentional)
        # closing it later takes nothing back
        deviation.with_user(self.manager).action_close()
        self.assertEqual(deviation.decision, "accepted")

    def test_what_was_asked_counts_for_one_line(self):
        self._make_card(self._fat(">=", 3.5, "approval"))
        lot = self._stock_lot("A", values={self.fat: 3.0})
        self._stock_up(10, lot, self.shelf)
        picking = self._sell(4)
        first = self._take(picking, lot)
        first.quantity = 2
        first.copy({"location_id": self.shelf.id, "quantity": 2})
        picking.action_ask_approval()
        asked = self._deviations(lot_id=lot.id)
        self._accept(asked)
        picking.move_ids.picked = True
        picking.button_validate()
        found = self._deviations(lot_id=lot.id)
        self.assertEqual(found.move_line_id, picking.move_line_ids.sudo())
        self.assertEqual(found.mapped("decision"), ["accepted", False])

    def test_the_latest_decision_counts(self):
        """What was accepted is asked about no more, until it is rejected."""
        self._make_card(self._fat(">=", 3.5, "approval"))
        lot = self._stock_lot("A", values={self.fat: 3.0})
        picking = self._sell(4)
        self._take(picking, lot)
        picking.action_ask_approval()
        asked = self._deviations(lot_id=lot.id)
        self._accept(asked)
        picking.move_ids.move_line_ids.quantity = 1
        self._post_part(picking)
        self.assertEqual(asked.move_line_id, picking.move_line_ids.sudo())
        rest = picking.sudo().backorder_ids.with_user(self.clerk)
        self.assertEqual(rest.move_line_ids.lot_id, lot, "accepted, so reserved")
        self.assertFalse(rest.qms_needs_approval)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            rest.action_ask_approval()
        self.assertEqual(
            caught.exception.args[0],
            "Nothing of what is reserved needs an approval.",
        )
        rest.move_ids.move_line_ids.quantity = 1
        self._post_part(rest)
        second = self._deviations(lot_id=lot.id) - asked
        self.assertTrue(second.is_intentional, "it left by what was accepted")
        self._assess(second)
        own = second.with_user(self.manager)
        own.decision_reason = "Not again"
        own.action_reject()
        last = rest.sudo().backorder_ids.with_user(self.clerk)
        last.invalidate_recordset()
        self.assertTrue(last.qms_needs_approval)
        last.move_ids.picked = True
        with self.assertRaises(UserError), self.env.cr.savepoint():
            last.button_validate()
        last.action_ask_approval()
        self.assertEqual(len(self._deviations(lot_id=lot.id)), 3)

    def _post_part(self, picking):
        """Post what is entered of a delivery; the rest waits in a backorder."""
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")

    def test_goods_without_lots_are_accepted_by_their_line(self):
        watched = self.env["qms.inspection.status"].create(
            {"name": "Watched", "code": "watched"}
        )
        self._make_card(
            {
                "kind": "status",
                "status_ids": [(6, 0, self.available.ids)],
                "departure": "approval",
            },
            {"kind": "package", "departure": "approval"},
        )
        self._stock_up(10, product=self.untracked)
        self._hold(watched, product=self.untracked, location=self.stock)
        picking = self._sell(4, product=self.untracked)
        self.assertEqual(picking.state, "confirmed", "not reserved")
        move = picking.move_ids
        move.quantity = 4
        picking.action_ask_approval()
        asked = self._deviations(product_id=self.untracked.id)
        self.assertEqual(len(asked), 2)
        move.picked = True
        with self.assertRaises(UserError), self.env.cr.savepoint():
            picking.button_validate()
        self._accept(asked)
        picking.invalidate_recordset()
        self.assertFalse(picking.qms_needs_approval)
        move._do_unreserve()
        picking.action_assign()
        self.assertEqual(picking.state, "assigned")
        move.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(asked.move_line_id, picking.move_line_ids.sudo())
        # of another order nothing was accepted
        self.assertEqual(self._sell(1, product=self.untracked).state, "confirmed")

    def test_goods_that_are_not_stored_are_not_compared(self):
        """Their requirements are shown and printed; there is nothing to look at."""
        cups = self._make_product("Cups", tracking="none", is_storable=False)
        self._make_card({"kind": "package"}, self._fat(">=", 3.5))
        picking = self._sell(4, product=cups)
        copy = self._copy_of(picking)
        self.assertEqual(len(copy.criterion_ids), 2)
        self.assertEqual(picking.qms_order_requirement_ids, copy)
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertFalse(self._deviations(product_id=cups.id))

    def test_a_rejected_one_is_not_taken_for_a_later_posting(self):
        self._make_card(self._fat(">=", 3.5, "approval"))
        lot = self._stock_lot("A", values={self.fat: 3.0})
        picking = self._sell(4)
        self._take(picking, lot)
        picking.action_ask_approval()
        rejected = self._deviations(lot_id=lot.id)
        self._assess(rejected)
        own = rejected.with_user(self.manager)
        own.decision_reason = "No"
        own.action_reject()
        own.action_close()
        self._copy_of(picking).with_user(self.foreman).action_ignore("They insist")
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertFalse(rejected.move_line_id)
        posted = self._deviations(lot_id=lot.id) - rejected
        self.assertEqual((posted.state, posted.is_intentional), ("open", True))

    def test_moments_of_deliveries(self):
        """Where it is never checked, what departs leaves and is recorded."""
        self._make_card(self._fat(">=", 3.5))
        lot = self._stock_lot("A", values={self.fat: 3.0})
        for number, (company, kind, leaves) in enumerate(
            (
                ("both", False, False),
                ("record", False, True),
                ("both", "record", True),
                ("record", "posting", False),
            )
        ):
            self.company.qms_requirement_moment = company
            self.warehouse.out_type_id.qms_requirement_moment = kind
            picking = self._sell(1)
            with self.subTest(company=company, kind=kind):
                self.assertEqual(picking.state == "assigned", leaves)
                if leaves:
                    picking.button_validate()
                    self.assertEqual(picking.state, "done")
                    self.assertTrue(self._deviations(picking_id=picking.id), number)
        self.assertEqual(len(self._deviations(lot_id=lot.id)), 2)

    def test_a_known_lot_that_departs_is_said_where_it_is_entered(self):
        self._make_purchase_card(self._fat(">=", 3.5))
        lot = self._make_lot("A")
        self._record(lot, {self.fat: 3.0})
        receipt = self._buy(10)
        self._enter(receipt, [{"lot_id": lot.id, "quantity": 10}])
        text = "Fat content is at least 3.5 % (3 %)"
        self.assertEqual(receipt.move_line_ids.qms_departure_text, text)
        self.warehouse.in_type_id.qms_requirement_moment = "posting"
        receipt.move_line_ids.invalidate_recordset(["qms_departure_text"])
        self.assertFalse(receipt.move_line_ids.qms_departure_text)

    def test_goods_added_to_a_delivery_are_for_its_order(self):
        self._make_card(self._fat(">=", 3.5))
        lot = self._stock_lot("A", values={self.fat: 3.0})
        self._stock_lot("B", quantity=4, values={self.fat: 4.0})
        picking = self._sell(4)
        copy = self._copy_of(picking)
        move = picking.sudo().move_ids.copy(
            {"sale_line_id": False, "product_uom_qty": 1}
        )
        move._action_confirm(merge=False)
        self.assertEqual((move.picking_id, move.sale_line_id.ids), (picking, []))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["stock.move.line"].with_user(self.clerk).create(
                {
                    "move_id": move.id,
                    "picking_id": picking.id,
                    "product_id": self.product.id,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "lot_id": lot.id,
                    "quantity": 1,
                }
            )
        self.assertEqual(move._qms_get_requirements()[move], copy)

    def test_other_goods_added_to_a_delivery(self):
        """They are compared although the order lacks them, and can be ignored."""
        self._make_card(self._fat(">=", 3.5))
        self._stock_lot("A", values={self.fat: 4.0})
        cream = self._make_product("Cream")
        thin = self._stock_lot("THIN", values={self.fat: 3.0}, product=cream)
        picking = self._sell(4)
        order = picking.sudo().sale_id
        move = self._add(picking, cream)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self._enter_lot(move, thin)
        self.assertIn(
            "Fresh Foods demands: Fat content is at least 3.5 %. Found: 3 %",
            caught.exception.args[0],
        )
        copy = move.sudo()._qms_get_requirements()[move]
        copy.with_user(self.foreman).action_ignore("He wants it")
        self._enter_lot(move, thin)
        picking.move_ids.picked = True
        # sudo: core adds order lines with the rights of whoever posts
        picking.sudo().button_validate()
        self.assertEqual(picking.state, "done")
        deviation = self._deviations(lot_id=thin.id)
        self.assertTrue(deviation.is_intentional)
        line = order.order_line.filtered(lambda one: one.product_id == cream)
        self.assertEqual(deviation.document_line_id, line.qms_requirement_ids)
        self.assertEqual(order.qms_deviation_count, 1)

    def test_other_goods_added_to_a_receipt(self):
        self._make_purchase_card(self._fat(">=", 3.5))
        cream = self._make_product("Cream")
        receipt = self._buy(10)
        order = receipt.sudo().purchase_id
        self._enter(receipt, [{"lot_name": "A", "quantity": 10}])
        move = self._add(receipt, cream)
        thin = self._make_lot("THIN", cream)
        self._enter_lot(move, thin)
        receipt.move_ids.picked = True
        # sudo: as above
        receipt.sudo().button_validate()
        self.assertEqual(receipt.state, "done")
        deviation = self._deviations(lot_id=thin.id)
        self.assertEqual(thin.inspection_status_id, self.on_hold)
        line = order.order_line.filtered(lambda one: one.product_id == cream)
        self.assertEqual(deviation.document_line_id, line.qms_requirement_ids)
        self.assertEqual(order.qms_deviation_count, 2)

    def _add(self, picking, product):
        """Add goods to a transfer, as its worker does."""
        known = picking.move_ids
        picking.move_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": 1,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        ]
        return picking.move_ids - known

    def _enter_lot(self, move, lot):
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "picking_id": move.picking_id.id,
                    "product_id": lot.product_id.id,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "lot_id": lot.id,
                    "quantity": 1,
                }
            )
        ]

    def test_another_card_is_not_ignored(self):
        other = self._make_product("Cream")
        for product in (self.product, other):
            self._make_card(
                self._fat(">=", 3.5),
                applies_to="product",
                product_tmpl_id=product.product_tmpl_id.id,
            )
        order = self._quote(4)
        copy = order.order_line.sudo().qms_requirement_ids
        copy.with_user(self.foreman).action_ignore("Customer agreed")
        self.assertTrue(copy.is_ignored)
        order.order_line.product_id = other
        copy = order.order_line.sudo().qms_requirement_ids
        self.assertEqual(copy.product_id, other)
        self.assertFalse(copy.is_ignored)
