from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common_mrp import MRP_USER
from .common_step import StepCase


@tagged("post_install", "-at_install")
class TestStepProduction(StepCase):
    """Manufacturing orders wait for their inspections."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._make_user("qms_operator", MRP_USER)
        cls.cheese = cls._make_product("Cheese", tracking="none")
        cls.workcenter = cls.env["mrp.workcenter"].create({"name": "Vat"})
        cls._stock_up(100, product=cls.untracked)

    @classmethod
    def _make_production(cls, quantity=10, steps=0, component=None):
        component = component or cls.untracked
        bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.cheese.product_tmpl_id.id,
                "bom_line_ids": [
                    (0, 0, {"product_id": component.id, "product_qty": 1})
                ],
                "operation_ids": [
                    (0, 0, {"name": f"Step {n}", "workcenter_id": cls.workcenter.id})
                    for n in range(steps)
                ],
            }
        )
        production = cls.env["mrp.production"].with_user(cls.operator)
        production = production.create(
            {
                "product_id": cls.cheese.id,
                "bom_id": bom.id,
                "product_qty": quantity,
                "picking_type_id": cls.warehouse.manu_type_id.id,
            }
        )
        production.action_confirm()
        production.action_assign()
        return production

    @classmethod
    def _rule(cls, event, *steps, **vals):
        vals = {"product_ids": cls.cheese.ids, **vals}
        return super()._rule(event, *steps, **vals)

    def _may_read_billing(self):
        """Core reads analytic lines with the rights of the operator."""
        self.operator.group_ids |= self.env.ref("account.group_account_readonly")

    def _close(self, production, **context):
        context = {"skip_consumption": True, "skip_backorder": True, **context}
        return production.with_context(**context).button_mark_done()

    def test_start_waits(self):
        rule = self._rule("production_confirmed", "start")
        production = self._make_production(steps=1)
        order = self._orders_of(rule)
        self.assertEqual(order.production_id, production.sudo())
        self.assertEqual(order.quantity, 10)
        for call in (
            production.workorder_ids.button_start,
            production.workorder_ids.button_finish,
            production.button_mark_done,
        ):
            self._assert_waits(production.name, order, call)
        self._assert_waits(
            production.name, order, production.write, {"qty_producing": 10}
        )
        self._inspect(order)
        production.workorder_ids.button_start()
        self.assertEqual(production.state, "progress")

    def test_next_work_order_waits(self):
        rule = self._rule("workorder_done", "workorder")
        production = self._make_production(steps=2)
        first, second = production.workorder_ids
        rule.operation_ids = first.sudo().operation_id
        first.button_start()
        first.button_finish()
        order = self._orders_of(rule)
        self.assertEqual(order.workorder_id, first.sudo())
        self._assert_waits(second.display_name, order, second.button_start)
        self._assert_waits(
            second.display_name, order, second.write, {"state": "progress"}
        )
        self._inspect(order)
        second.button_start()
        self.assertEqual(second.state, "progress")

    def test_closing_at_once_makes_the_orders_of_all_work(self):
        rule = self._rule("workorder_done", "workorder")
        production = self._make_production(steps=2)
        action = production.button_mark_done()
        self.assertEqual(action["params"]["title"], "To be inspected first")
        orders = self._orders_of(rule)
        self.assertEqual(orders.workorder_id, production.sudo().workorder_ids)
        self._assert_waits(production.name, orders[:1], production.button_mark_done)
        self._inspect(orders[0])
        production.button_mark_done()
        self.assertEqual(production.state, "done")

    def test_closing_waits(self):
        rule = self._rule("production_close", "close")
        production = self._make_production()
        self.assertFalse(self._orders_of(rule))
        production.qty_producing = 10
        order = self._orders_of(rule)
        self.assertEqual(len(order), 1)
        for call in (
            production.button_mark_done,
            lambda: production.write({"state": "done"}),
        ):
            self._assert_waits(production.name, order, call)
        self._inspect(order)
        self._close(production)
        self.assertEqual(production.state, "done")
        self.assertEqual(self._orders_of(rule), order)

    def test_closing_without_reporting_first(self):
        rule = self._rule("production_close", "close")
        production = self._make_production()
        action = production.button_mark_done()
        order = self._orders_of(rule)
        self.assertEqual(
            action["params"]["message"], order._get_step_refusal(production.name)
        )
        self.assertEqual(production.state, "confirmed")

    def test_finished_move_is_a_door(self):
        rule = self._rule("production_close", "close")
        production = self._make_production()
        production.qty_producing = 10
        production.move_finished_ids.quantity = 10
        production.move_finished_ids.picked = True
        self._assert_waits(
            production.name,
            self._orders_of(rule),
            production.sudo().move_finished_ids._action_done,
        )

    def test_after_an_output_the_rest_waits(self):
        rule = self._rule("output", "close")
        production = self._make_production()
        production.qty_producing = 4
        self._may_read_billing()
        self._close(production, mo_ids_to_backorder=production.ids)
        order = self._orders_of(rule)
        self.assertEqual((order.quantity, production.state), (4, "done"))
        rest = production.production_group_id.production_ids - production
        rest.qty_producing = 6
        self._assert_waits(rest.name, order, self._close, rest)
        self._inspect(order)
        self._close(rest)
        self.assertEqual(rest.state, "done")

    # -- Lots --------------------------------------------------------------------------

    def _track_cheese(self):
        self.cheese.tracking = "lot"
        return [self._make_lot(name, self.cheese) for name in ("C1", "C2")]

    def _close_with(self, production, lot):
        production.lot_producing_ids = lot
        production.qty_producing = 10
        self._close(production)
        self.assertEqual(production.state, "done")

    def test_lot_typed_after_the_order_was_made(self):
        first, second = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self.assertFalse(order.lot_ids)
        production.lot_producing_ids = first
        self.assertEqual(order.lot_ids, first)
        self.assertFalse(self._held(order))
        production.lot_producing_ids = second
        self.assertEqual(order.lot_ids, second)
        production.action_clear_lot_producing_ids()
        self.assertFalse(order.lot_ids)
        production.action_generate_serial()
        self.assertTrue(order.lot_ids)
        self.assertEqual(order.lot_ids, production.sudo().lot_producing_ids)

    def test_lot_typed_after_a_reading_failed_is_held(self):
        first, second = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._fill(order, fail=True)
        self.assertFalse(self._held(order))
        nowhere = self.env["stock.location"]
        for lot in (first, second):
            production.lot_producing_ids = lot
            self.assertEqual(self._held(order), [(self.on_hold, lot, nowhere)])
        self.assertEqual(first.inspection_status_id, self.available)
        self._close_with(production, second)
        self.assertEqual(self._held(order), [(self.on_hold, second, nowhere)])
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(second.inspection_status_id, self.available)

    def test_lot_that_was_produced_stays_held(self):
        """Whatever lot is typed afterwards."""
        lot, other = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._fill(order, fail=True)
        production.lot_producing_ids = lot
        self._close_with(production, lot)
        held = self._held(order)
        self.assertEqual([one[:2] for one in held], [(self.on_hold, lot)])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            # it takes the quantity back, too: out of what is held
            production.action_clear_lot_producing_ids()
        for lots in (other.browse(), other):
            production.lot_producing_ids = lots
            self.assertEqual(self._held(order), held)

    def test_lot_in_stock_stays_held(self):
        lot, other = self._track_cheese()
        self._stock_up(5, lot)
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._fill(order, fail=True)
        production.lot_producing_ids = lot
        for lots in (other.browse(), other):
            production.lot_producing_ids = lots
            self.assertEqual(lot.inspection_status_id, self.on_hold)
        self.assertEqual({one[1] for one in self._held(order)}, {lot, other})
        production.lot_producing_ids = lot
        self.assertEqual([one[1] for one in self._held(order)], [lot])

    def test_what_was_split_off_before_it_failed_is_held(self):
        lot, _other = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._close_with(production, lot)
        self._inspect(order)
        place = production.sudo().location_dest_id
        child = lot.with_user(self.inspector)._qms_split(3, place)
        order.with_user(self.manager).action_reopen()
        self._fill(order, fail=True)
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        self.assertEqual(child.inspection_status_id, self.on_hold)

    def test_cleared_lot_stays_held(self):
        lot, other = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._fill(order, fail=True)
        production.lot_producing_ids = lot
        held = self._held(order)
        production.action_clear_lot_producing_ids()
        self.assertEqual(self._held(order), held)
        production.lot_producing_ids = other
        self.assertEqual([one[1] for one in self._held(order)], [other])

    def test_lot_made_before_its_order_has_passed_is_held(self):
        lot, _other = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._close_with(production, lot)
        place = production.sudo().location_dest_id
        self.assertEqual(order.location_id, place)
        self.assertEqual(self._held(order), [(self.under_inspection, lot, place)])
        self._inspect(order)
        self.assertFalse(self._held(order))

    def test_lot_typed_after_the_verdict(self):
        """The verdict stays as it was; what has failed is held when it comes."""
        lot, other = self._track_cheese()
        rule = self._rule("production_confirmed")
        for name, fail in ((lot, True), (other, False)):
            with self.subTest(fail=fail):
                production = self._make_production()
                order = self._orders_of(rule)[-1]
                self._inspect(order, fail=fail)
                self._close_with(production, name)
                self.assertFalse(order.lot_ids)
                place = production.sudo().location_dest_id
                held = [(self.on_hold, name, place)] if fail else []
                self.assertEqual(self._held(order), held)

    def test_untracked_output_of_an_open_order_is_held(self):
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        production.qty_producing = 10
        self._close(production)
        place = production.sudo().location_dest_id
        none = self.env["stock.lot"]
        self.assertEqual(self._held(order), [(self.under_inspection, none, place)])

    def _split(self, production, *quantities):
        """Press Split as the operator does; return the parts."""
        action = production.action_split()
        wizard = self.env[action["res_model"]].with_user(self.operator)
        with Form(wizard.with_context(**action["context"])) as form:
            form.max_batch_size = max(quantities)
            for index, quantity in enumerate(quantities):
                with form.production_detailed_vals_ids.edit(index) as line:
                    line.quantity = quantity
        form.record.action_split()
        return production.production_group_id.production_ids.sorted("id")

    def test_split_order(self):
        rule = self._rule("production_confirmed", "start")
        production = self._make_production()
        first = self._orders_of(rule)
        self._may_read_billing()
        parts = self._split(production, 4, 6)
        second = self._orders_of(rule) - first
        self.assertEqual(first.production_id, production.sudo())
        self.assertEqual(second.production_id, parts - production)
        self.assertEqual((first.quantity, second.quantity), (4, 6))
        self._inspect(first)
        production.qty_producing = 4
        rest = parts - production
        self._assert_waits(rest.name, second, rest.write, {"qty_producing": 6})

    def test_changed_quantity_and_cancelled(self):
        rule = self._rule("production_confirmed", "start")
        production = self._make_production()
        order = self._orders_of(rule)
        wizard = self.env["change.production.qty"].with_user(self.operator)
        wizard.create({"mo_id": production.id, "product_qty": 7}).change_prod_qty()
        self.assertEqual(order.quantity, 7)
        production.action_cancel()
        self.assertEqual(order.state, "cancelled")

    def test_store_transfer_waits_for_the_output(self):
        self.warehouse.manufacture_steps = "pbm_sam"
        self._stock_up(100, product=self.untracked, location=self.warehouse.pbm_loc_id)
        rule = self._rule("output", "next")
        production = self._make_production()
        production.qty_producing = 10
        production.move_raw_ids.quantity = 10
        production.move_raw_ids.picked = True
        production.button_mark_done()
        order = self._orders_of(rule)
        store = production.sudo().move_finished_ids.move_dest_ids.picking_id
        store = store.with_user(self.clerk)
        self._assert_waits(store.name, order, store.button_validate)

    # -- Settings ----------------------------------------------------------------------

    def test_no_closing_without_signoff(self):
        self.company.qms_close_needs_signoff = True
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._assert_waits(production.name, order, production.button_mark_done)
        self._inspect(order)
        production.button_mark_done()
        self.assertEqual(production.state, "done")

    def test_no_closing_without_signoff_by_hand(self):
        self.company.qms_close_needs_signoff = True
        production = self._make_production()
        action = production.sudo().with_user(self.inspector).action_new_quality_order()
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        order = orders.with_context(**action["context"]).create(
            {"test_group_ids": self.small.ids, "hold_goods": False}
        )
        self._assert_waits(production.name, order, production.button_mark_done)

    def _order_by_hand(self, production, *steps, **vals):
        """Make an order on its form, as an inspector who works in Quality only."""
        mine = production.sudo().with_user(self.inspector)
        action = mine.action_new_quality_order()
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        with Form(orders.with_context(**action["context"])) as form:
            form.test_group_ids.add(self.small)
            form.hold_goods = False
            for name, value in vals.items():
                form[name] = value
            for step in steps:
                form[f"block_{step}"] = True
        return form.record

    def test_by_hand_waits_what_was_chosen(self):
        for step in ("start", "close"):
            with self.subTest(step):
                production = self._make_production(steps=1)
                order = self._order_by_hand(production, step)
                work = production.workorder_ids
                if step == "start":
                    self._assert_waits(production.name, order, work.button_start)
                    self._inspect(order)
                work.button_start()
                if step == "close":
                    self._may_read_billing()
                    production.qty_producing = 10
                    self._assert_waits(production.name, order, self._close, production)
                    self._inspect(order)
                    self._close(production)
                    self.assertEqual(production.state, "done")

    def test_by_hand_the_next_work_order_waits(self):
        production = self._make_production(steps=3)
        first, second, third = production.workorder_ids
        chosen = second.sudo().with_user(self.inspector)
        order = self._order_by_hand(production, "workorder", workorder_id=chosen)
        self.assertEqual((order.workorder_id, order.block_workorder), (chosen, True))
        for work in first | second:
            work.button_start()
            work.button_finish()
        self._assert_waits(third.display_name, order, third.button_start)
        self._assert_waits(third.display_name, order, third.button_finish)
        self._inspect(order)
        third.button_start()
        self.assertEqual(third.state, "progress")

    def test_by_hand_what_is_made_waits_to_be_moved_on(self):
        production = self._make_production()
        order = self._order_by_hand(production, "next")
        production.qty_producing = 10
        self._close(production)
        other = self._make_location("Other", self.warehouse.view_location_id)
        picking = self._picking("internal", 4, self.cheese, dest=other)
        picking = picking.with_user(self.clerk)
        picking.action_confirm()
        self._assert_waits(picking.name, order, picking.button_validate)
        self._inspect(order)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_by_hand_work_orders_are_of_the_same_document(self):
        production, other = (
            self._make_production(steps=2),
            self._make_production(steps=1),
        )
        values = {
            "production_id": production.id,
            "test_group_ids": self.small.ids,
            "block_workorder": True,
            "hold_goods": False,
            "product_id": self.cheese.id,
        }
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        for work, problem in (
            (
                self.env["mrp.workorder"],
                "choose the work order that is inspected, so that those after it can"
                " wait.",
            ),
            (
                other.workorder_ids,
                f"the work order {other.workorder_ids.sudo().display_name} is not of"
                " the manufacturing order that is inspected.",
            ),
        ):
            with self.assertRaises(ValidationError) as error, self.env.cr.savepoint():
                orders.create({**values, "workorder_id": work.id})
            self.assertRegex(str(error.exception), r"^QO\S+: ")
            self.assertEqual(str(error.exception).split(": ", 1)[1], problem)
        first, second = production.workorder_ids
        order = orders.create({**values, "workorder_id": first.id})
        with self.assertRaises(UserError) as error:
            order.workorder_id = second.id
        self.assertEqual(
            str(error.exception),
            f"{order.name} holds its goods, so its Work Order can't be changed. Cancel"
            " it and make another one.",
        )

    def test_components_must_have_passed(self):
        lot = self._make_lot("L1")
        self._stock_up(100, lot)
        order = self.env["qms.quality.order"].create(
            {
                "product_id": self.product.id,
                "lot_ids": lot.ids,
                "test_group_ids": self.small.ids,
                "hold_goods": False,
            }
        )
        production = self._make_production(component=self.product)
        production.qty_producing = 1
        self.company.qms_start_needs_components = True
        self._assert_waits(
            production.name, order, production.write, {"qty_producing": 10}
        )
        self._inspect(order)
        production.qty_producing = 10
        self.assertEqual(production.state, "to_close")

    def test_only_legal_steps(self):
        with self.assertRaises(ValidationError) as error:
            self._rule("production_close", "start", "bill")
        self.assertEqual(
            str(error.exception),
            "Weight: what comes before or beside “Before a manufacturing order is"
            " closed” can't wait for it: The Bill or Invoice, Starting the"
            " Manufacturing Order. Possible are: Closing the Manufacturing Order.",
        )
