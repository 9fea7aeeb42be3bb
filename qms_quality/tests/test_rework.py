from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_disposing import DisposingCase

MRP_USER = "mrp.group_mrp_user"
BOOK_READERS = ("analytic.group_analytic_accounting", "account.group_account_readonly")


class ReworkCase(DisposingCase):
    """Factories for rework. ``cls.operator`` may only manufacture."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._make_user("qms_operator", MRP_USER)
        # core reads journal entries and analytic lines of an order that it splits
        cls.foreman = cls._make_user("qms_foreman", MRP_USER, *BOOK_READERS)
        cls.retest = cls._make_weight_group("Weight again")
        cls.cheese = cls._make_product("Cheese", categ_id=cls.average.id)
        cls.bom = cls._make_bom(cls.cheese, (cls.milk, 2))

    @classmethod
    def _make_bom(cls, product, *components):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [
                    (0, 0, {"product_id": component.id, "product_qty": quantity})
                    for component, quantity in components
                ],
            }
        )

    def _rework(self, case, quantity, lot=None, way="production", **vals):
        """Have rework decided and carried out; return its row."""
        row = self._propose(
            case,
            "rework",
            quantity,
            lot,
            rework_way=way,
            **{"test_group_ids": [(6, 0, self.retest.ids)], **vals},
        )
        self._carry_out(case)
        return row

    def _produce(self, order, quantity=None, lot=None):
        """Produce and close an order as an operator, in part if there is a quantity."""
        order = order.with_user(self.operator)
        with Form(order) as form:
            form.qty_producing = quantity or order.product_qty
            if lot:
                form.lot_producing_ids.add(lot)
        action = order.button_mark_done()
        return action

    def _pass(self, orders):
        """Have quality orders pass, as an inspector."""
        for order in orders:
            self._fill(order)
        orders.with_user(self.inspector).action_validate()

    def _deliver(self, lot):
        """Deliver one of a lot as a clerk."""
        self._delivery(1, lot, product=lot.product_id).with_user(
            self.clerk
        ).button_validate()


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


@tagged("post_install", "-at_install")
class TestRebuild(ReworkCase):
    """Rework by taking apart and building again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lid = cls._make_product("Lid", "none", categ_id=cls.average.id)
        cls.jar = cls._make_product("Jar", categ_id=cls.average.id)
        cls.recipe = cls._make_bom(cls.jar, (cls.milk, 2), (cls.lid, 1))

    def _make_jars(self, quantity=5):
        """Buy the parts and make jars of them; return their lot and their order."""
        self._buy(2 * quantity, price=3, lots=["M1"])
        self._buy(quantity, price=1, product=self.lid)
        order = self.env["mrp.production"].create(
            {
                "product_id": self.jar.id,
                "bom_id": self.recipe.id,
                "product_qty": quantity,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        order.action_assign()
        jars = self._make_lot("J1", self.jar)
        order.lot_producing_ids = jars
        order.button_mark_done()
        return jars, order

    def test_taken_apart_and_built_again(self):
        """3 of 5 jars are taken apart, their parts make new jars, tested again."""
        jars, made_by = self._make_jars()
        case = self._open_case(jars)
        row = self._rework(case, 3, jars, "unbuild")
        unbuild = row.unbuild_ids
        self.assertEqual((unbuild.mo_id, unbuild.state), (made_by, "draft"))
        action = row.with_user(self.inspector).action_open_documents()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("mrp.unbuild", unbuild.id)
        )
        self.assertEqual(row.state, "in_progress")
        unbuild.with_user(self.operator).action_validate()
        self.assertEqual(unbuild.state, "done")
        self.assertEqual(self._quantity(self.stock, jars), 2)
        self.assertEqual(self._quantity(self.stock, self._lot("M1")), 6)
        self.assertEqual((row.state, row.done_quantity), ("in_progress", 3))

        order = row.production_ids
        self.assertEqual((order.product_id, order.product_qty), (self.jar, 3))
        self.assertEqual(order.reservation_state, "assigned")
        order.with_user(self.operator).button_mark_done()
        child = row.child_lot_id
        self.assertEqual(child.parent_lot_id, jars)
        self.assertEqual(self._quantity(self.stock, child), 3)
        self.assertEqual(row.state, "done")
        self.assertEqual(order.move_finished_ids.value, 21)
        self.assertEqual(case.order_ids.lot_ids, child)
        self.assertEqual(child.inspection_status_id, self.under_inspection)
        self.assertEqual(jars.inspection_status_id, self.on_hold)
        self._pass(case.order_ids)
        self._deliver(child)

    def test_given_up(self):
        """An unbuild order that is deleted leaves the goods held."""
        jars, _made_by = self._make_jars()
        case = self._open_case(jars)
        row = self._rework(case, 3, jars, "unbuild")
        row.unbuild_ids.unlink()
        self.assertEqual(row.state, "approved")
        self.assertEqual(self._quantity(self.stock, jars), 5)
        case.with_user(self.inspector).action_execute()
        self.assertEqual(row.state, "in_progress")

    def test_not_built_again(self):
        """Goods that were taken apart are gone, whether they are built again or not."""
        jars, _made_by = self._make_jars()
        case = self._open_case(jars)
        row = self._rework(case, 3, jars, "unbuild")
        row.unbuild_ids.with_user(self.operator).action_validate()
        row.production_ids.with_user(self.operator).action_cancel()
        self.assertEqual((row.state, row.done_quantity), ("done", 3))
        self.assertEqual(self._quantity(self.stock, jars), 2)
        # 2 jars, and the parts of the others: 6 of milk, 3 lids
        self.assertEqual(case.undisposed_quantity, 11)

    def test_other_goods_in_its_name(self):
        """The operator takes apart what was decided, and nothing else."""
        jars, _made_by = self._make_jars()
        case = self._open_case(jars)
        row = self._rework(case, 3, jars, "unbuild")
        unbuild = row.unbuild_ids.with_user(self.operator)
        unbuild.product_qty = 5
        with self.assertRaises(UserError) as caught:
            unbuild.action_unbuild()
        self.assertEqual(
            str(caught.exception),
            f"{unbuild.name} takes apart what {row.display_name} decided, and nothing"
            f" else: 3 Units in {self.stock.display_name}.",
        )
        self.assertEqual(self._quantity(self.stock, jars), 5)

    def test_unknown_parts(self):
        """Of goods that nobody knows who made, tracked parts can't be told."""
        jars, _made_by = self._make_jars()
        child = jars._qms_split(2, self.stock)
        case = self._open_case(child)
        self._propose(
            case,
            "rework",
            2,
            child,
            rework_way="unbuild",
            test_group_ids=[(6, 0, self.retest.ids)],
        )
        with self.assertRaisesRegex(
            UserError, "order that made J1-1 isn't known.*these parts are of: Raw milk"
        ):
            case.with_user(self.inspector).action_submit()

    def test_serial(self):
        """A serial number is taken apart and built again under its number."""
        self.jar.tracking = "serial"
        self._buy(2, price=3, lots=["M1"])
        self._buy(1, price=1, product=self.lid)
        order = self.env["mrp.production"].create(
            {
                "product_id": self.jar.id,
                "bom_id": self.recipe.id,
                "product_qty": 1,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        order.action_assign()
        serial = self._make_lot("J1", self.jar)
        order.lot_producing_ids = serial
        order.button_mark_done()
        case = self._open_case(serial)
        row = self._rework(case, 1, serial, "unbuild")
        row.unbuild_ids.with_user(self.operator).action_validate()
        row.production_ids.with_user(self.operator).button_mark_done()
        self.assertEqual(row.state, "done")
        self.assertEqual(self._quantity(self.stock, serial), 1)
        self.assertFalse(case._get_held_quants())
        self.assertEqual(case.order_ids.lot_ids, serial)
        self.assertEqual(serial.inspection_status_id, self.under_inspection)
