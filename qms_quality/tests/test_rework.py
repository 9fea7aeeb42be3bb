from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_rework import ReworkCase


@tagged("post_install", "-at_install")
class TestRework(ReworkCase):
    """Rework by manufacturing orders: used up, tested again, freed."""

    def test_into_another_product(self):
        """6 of 10 become 3 cheeses, which are held until they were tested again."""
        self._buy(10, price=4, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 6, lot, bom_id=self.bom.id)
        order = row.production_ids
        self.assertEqual(row.state, "in_progress")
        self.assertEqual((order.state, order.product_qty), ("confirmed", 3))
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, lot)
        self.assertEqual(order.move_raw_ids.quantity, 6)

        made = self._make_lot("C1", self.cheese)
        self._produce(order, lot=made)
        self.assertEqual(order.state, "done")
        self.assertEqual((row.state, row.done_quantity), ("done", 6))
        self.assertEqual(self._quantity(self.stock, lot), 4)
        self.assertEqual(self._quantity(self.stock, made), 3)
        self.assertEqual(order.move_finished_ids.value, 24)
        self.assertEqual(case.undisposed_quantity, 4)

        test = case.order_ids
        self.assertEqual((test.event, test.disposition_id), ("retest", row))
        self.assertEqual((test.lot_ids, test.quantity), (made, 3))
        self.assertEqual(test.test_group_ids, self.retest)
        self.assertEqual(test.production_id, order)
        self.assertEqual(
            self._held(test), [(self.under_inspection, made, self.stock.browse())]
        )
        with self.assertRaisesRegex(UserError, "C1"), self.cr.savepoint():
            self._deliver(made)
        self._pass(test)
        self._deliver(made)
        with self.assertRaisesRegex(UserError, "L1"):
            self._deliver(lot)

    def test_into_itself(self):
        """What is reworked becomes a lot of its own, which keeps its origin."""
        self._buy(10, price=4, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 6, lot)
        order = row.production_ids
        child = row.child_lot_id
        self.assertEqual(child.parent_lot_id, lot)
        self.assertEqual(order.product_id, self.milk)
        self.assertFalse(order.bom_id)
        order.with_user(self.operator).button_mark_done()
        self.assertEqual((order.state, row.state), ("done", "done"))
        self.assertEqual(self._quantity(self.stock, lot), 4)
        self.assertEqual(self._quantity(self.stock, child), 6)
        self.assertEqual(order.move_finished_ids.value, 24)
        test = case.order_ids
        self.assertEqual(test.lot_ids, child)
        self.assertEqual(child.inspection_status_id, self.under_inspection)
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        self._pass(test)
        self.assertEqual(child.inspection_status_id, self.available)
        self._deliver(child)

    def test_failed_again(self):
        """What fails again comes back to the same case, which holds it then."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 10, lot)
        row.production_ids.with_user(self.operator).button_mark_done()
        self.assertEqual(case.state, "follow_up")
        test = case.order_ids
        self._fail(test)
        self.assertFalse(self.Case.search([("quality_order_id", "=", test.id)]))
        self.assertEqual(case.failure_ids.quality_order_id, test)
        self.assertEqual(case._get_held_quants().lot_id, row.child_lot_id)
        case.with_user(self.inspector).action_dispose()
        self.assertEqual(case.state, "disposition")

    def test_serial(self):
        """A serial number stays what it is; its new order holds it, not the case."""
        sensor = self._make_product("Sensor", "serial", categ_id=self.average.id)
        self._buy(2, price=10, lots=["S1", "S2"], product=sensor)
        one, two = self._lot("S1", sensor), self._lot("S2", sensor)
        case = self._open_case(one | two)
        row = self._rework(case, 1, one)
        self.assertEqual(row.production_ids.lot_producing_ids, one)
        row.production_ids.with_user(self.operator).button_mark_done()
        self.assertEqual(row.state, "done")
        self.assertEqual(self._quantity(self.stock, one), 1)
        self.assertEqual(case._get_held_quants().lot_id, two)
        self._pass(case.order_ids)
        self._deliver(one)
        with self.assertRaisesRegex(UserError, "S2"):
            self._deliver(two)

    def test_untracked(self):
        """Goods without a lot go to a place that the case doesn't hold."""
        box = self._make_product("Box", "none", categ_id=self.average.id)
        self._buy(10, product=box)
        case = self._open_case(product_id=box.id)
        self._hold(product=box, location=self.stock)._hand_over(case, "Test")
        self._propose(
            case,
            "rework",
            4,
            rework_way="production",
            test_group_ids=[(6, 0, self.retest.ids)],
        )
        with self.assertRaisesRegex(UserError, "holds all of the product in"):
            case.with_user(self.inspector).action_submit()
        case.disposition_ids.with_user(self.inspector).unlink()
        other = self._make_location("Mended", self.warehouse.view_location_id)
        row = self._rework(case, 4, location_dest_id=other.id)
        row.production_ids.with_user(self.operator).button_mark_done()
        self.assertEqual(row.state, "done")
        self.assertEqual(self._quantity(other, product=box), 4)
        self.assertEqual(self._quantity(self.stock, product=box), 6)
        test = case.order_ids
        self.assertEqual(
            self._held(test), [(self.under_inspection, self.env["stock.lot"], other)]
        )
        self.assertEqual(case.undisposed_quantity, 6)
        self._pass(test)
        self.assertFalse(self._held(test))

    def test_where_components_are_picked_first(self):
        """The held goods are taken from where they are; nobody picks them before."""
        self.warehouse.manufacture_steps = "pbm"
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 6, lot, bom_id=self.bom.id)
        order = row.production_ids
        self.assertFalse(order.picking_ids)
        self.assertEqual(order.move_raw_ids.location_id, self.stock)
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, lot)
        self._produce(order, lot=self._make_lot("C1", self.cheese))
        self.assertEqual(row.state, "done")

    # -- In parts ----------------------------------------------------------------------

    def _split_off(self, order, quantity, backorder):
        """Close an order that made less than it should."""
        order = order.with_user(self.foreman)
        order.qty_producing = quantity
        order._set_qty_producing()
        action = order.button_mark_done()
        wizard = Form.from_action(order.env, action).save()
        wizard.action_backorder() if backorder else wizard.action_close_mo()

    def test_the_rest_later(self):
        """A backorder belongs to the same disposition, with lot and test of its own."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 10, lot)
        first = row.production_ids
        self._split_off(first, 4, backorder=True)
        rest = row.production_ids - first
        self.assertEqual((row.state, row.done_quantity), ("in_progress", 4))
        self.assertEqual(rest.move_raw_ids.move_line_ids.lot_id, lot)
        self.assertNotEqual(rest.lot_producing_ids, first.lot_producing_ids)
        self.assertEqual(case.order_ids.quantity, 4)
        rest.with_user(self.operator).button_mark_done()
        self.assertEqual((row.state, row.done_quantity), ("done", 10))
        self.assertEqual(sorted(case.order_ids.mapped("quantity")), [4, 6])
        self.assertEqual(case.order_ids.lot_ids, (first | rest).lot_producing_ids)
        self.assertEqual(self._quantity(self.stock, lot), 0)
        self.assertEqual(case.state, "follow_up")

    def test_the_rest_not_at_all(self):
        """What is not used up stays held by the case."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 10, lot)
        self._split_off(row.production_ids, 4, backorder=False)
        self.assertEqual((row.state, row.done_quantity), ("done", 4))
        self.assertEqual(self._quantity(self.stock, lot), 6)
        self.assertEqual(case.undisposed_quantity, 6)
        self.assertEqual(case.order_ids.quantity, 4)

    # -- Cancelled ---------------------------------------------------------------------

    def test_cancelled_order(self):
        """The goods are held as before, and are reworked by another order."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 6, lot)
        order, child = row.production_ids, row.child_lot_id
        order.with_user(self.operator).action_cancel()
        self.assertEqual((row.state, row.done_quantity), ("approved", 0))
        self.assertEqual(self._quantity(self.stock, lot), 10)
        self.assertIn("can be carried out again", self._said(case))
        with self.assertRaisesRegex(UserError, "L1"), self.cr.savepoint():
            self._deliver(lot)
        case.with_user(self.inspector).action_execute()
        again = row.production_ids - order
        self.assertEqual(again.lot_producing_ids, child)
        again.with_user(self.operator).button_mark_done()
        self.assertEqual(row.state, "done")
        self.assertEqual(self._quantity(self.stock, child), 6)

    def test_cancelled_backorder(self):
        """What was reworked is done; what was cancelled is to be decided anew."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 10, lot)
        first = row.production_ids
        self._split_off(first, 4, backorder=True)
        (row.production_ids - first).with_user(self.operator).action_cancel()
        self.assertEqual((row.state, row.done_quantity), ("done", 4))
        self.assertEqual(case.undisposed_quantity, 6)

    # -- Refused -----------------------------------------------------------------------

    def test_all_that_is_wrong(self):
        """What is missing is said at once."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        whey = self._make_product("Whey")
        wrong = self._make_bom(whey, (self.untracked, 1))
        none = self._propose(case, "rework", 2, lot)
        row = self._propose(
            case, "rework", 3, lot, rework_way="production", bom_id=wrong.id
        )
        with self.assertRaises(UserError) as caught:
            case.with_user(self.inspector).action_submit()
        self.assertEqual(
            str(caught.exception),
            "This can't be done:\n"
            f"- {none.display_name}: choose by what the goods are reworked.\n"
            f"- {row.display_name}: {wrong.display_name} doesn't use Raw milk in one"
            " line: choose a bill of materials that does, or none to rework it into"
            " itself.\n"
            f"- {row.display_name}: choose the test groups that the reworked goods are"
            " tested by.",
        )

    def test_more_than_was_decided(self):
        """The operator can't use up more of the held lot, nor another held one."""
        self._buy(20, lots=["L1", "L2"])
        lot, other = self._lot("L1"), self._lot("L2")
        case = self._open_case(lot | other)
        row = self._rework(case, 6, lot)
        order = row.production_ids.with_user(self.operator)
        line = order.move_raw_ids.move_line_ids
        with self.assertRaisesRegex(UserError, "L2"), self.cr.savepoint():
            line.lot_id = other
        with self.assertRaisesRegex(UserError, "L1"), self.cr.savepoint():
            line.quantity = 8
            order.move_raw_ids.picked = True
            order.qty_producing = 6
            order.with_context(skip_consumption=True).button_mark_done()
        order.button_mark_done()
        self.assertEqual(row.state, "done")

    def test_forged_order(self):
        """Nobody makes an order carry out a disposition."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 6, lot)
        orders = self.env["mrp.production"].with_user(self.operator)
        values = {"product_id": self.cheese.id, "product_qty": 1}
        with self.assertRaises(AccessError):
            orders.create({**values, "qms_disposition_id": row.id})
        with self.assertRaises(AccessError):
            orders.with_context(default_qms_disposition_id=row.id).create({**values})
        order = orders.create(values)
        with self.assertRaises(AccessError):
            order.qms_disposition_id = row
        with self.assertRaises(AccessError):
            order.move_raw_ids.qms_disposition_id = row

    # -- A rule's order ----------------------------------------------------------------

    def test_one_order_with_the_rule_s(self):
        """Where a rule inspects the output, its order tests what was asked, too."""
        usual = self._make_group("Usual", {"test_id": self.taste.id})
        self._associate(usual, product_ids=self.cheese.ids, event="output")
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 6, lot, bom_id=self.bom.id)
        self._produce(row.production_ids, lot=self._make_lot("C1", self.cheese))
        orders = self.env["qms.quality.order"].search(
            [("product_id", "=", self.cheese.id)]
        )
        self.assertEqual(len(orders), 1)
        self.assertEqual(orders.nonconformance_id, case)
        self.assertEqual(orders.disposition_id, row)
        self.assertEqual(orders.test_group_ids, usual | self.retest)

    def test_what_had_failed_is_tested_again(self):
        """Without test groups, those of the failed order are taken."""
        order = self._fail_order()
        case = self.Case.search([("quality_order_id", "=", order.id)])
        self._bring_to_disposition(case)
        row = self._rework(case, 10, order.lot_ids, test_group_ids=False)
        row.production_ids.with_user(self.operator).button_mark_done()
        self.assertEqual(case.order_ids.test_group_ids, order.test_group_ids)
