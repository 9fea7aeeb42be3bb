from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common_step_production import StepProductionCase


@tagged("post_install", "-at_install")
class TestStepProduction(StepProductionCase):
    """Manufacturing orders wait for their inspections."""

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
