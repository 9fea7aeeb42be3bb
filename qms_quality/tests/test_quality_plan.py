from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import Cursor
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MANAGER
from .common_plan import PlanCase


@tagged("post_install", "-at_install")
class TestQualityPlan(PlanCase):
    """Which plan counts, what it keeps, and what it lets people change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls._judged_group("Both", 1, 1)
        cls.one = cls._judged_group("One", 1, 0, readings=1)

    # -- Which plan ----------------------------------------------------------------

    def test_without_a_plan_everything_is_as_before(self):
        order = self._order_of(self.both)
        self.assertFalse(order.plan_copy_id)
        self._read(order, self.judged, True, True, True)
        self.assertEqual(order.spec_ids.verdict, "passed")
        self.assertEqual(order.state, "open")
        order.with_user(self.inspector).action_validate()
        self.assertEqual(self._status(order), ("validated", "passed", ["passed"]))

    def test_the_most_specific_plan_in_force_counts(self):
        categ = self.product.categ_id = self.env["product.category"].create(
            {"name": "Dairy"}
        )
        self._plan(code="ALL", product_id=False)
        self._plan(code="CATEG", product_id=False, categ_id=categ.id)
        plan = self._plan(code="MILK")
        self.assertEqual(self._find(self.product), "MILK")
        self.assertEqual(self._find(self.product, "ALL"), "ALL")
        self.assertEqual(self._find(self.product, "OTHER"), "MILK")
        plan.date_to = fields.Date.subtract(fields.Date.today(), days=1)
        self.assertEqual(self._find(self.product), "CATEG")
        self.assertEqual(self._find(self.untracked), "ALL")

    def _find(self, product, code=None):
        plans = self.env["qms.quality.plan"]
        return plans._find([(self.company, product, code)])[0].code

    def test_a_rule_names_the_plan_of_its_orders(self):
        self._plan(code="MILK")
        self._plan(code="ALL", product_id=False)
        self._associate(self.one, product_ids=self.product.ids, plan_code="ALL")
        order = self._orders(self._receive(["L1"]))
        self.assertEqual(order.plan_copy_id.code, "ALL")
        with self.assertRaises(ValidationError) as error:
            self._associate(self.both, plan_code="NONE")
        self.assertEqual(
            str(error.exception), "Both: there is no quality plan with the code NONE."
        )

    def test_goods_that_are_named_later_take_their_plan_then(self):
        self._plan(order_auto=True)
        self._plan(code="ALL", product_id=False)
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        order = orders.create({"subject": "A cup", "test_group_ids": self.one.ids})
        self.assertFalse(order.plan_copy_id)
        order.result_ids.outcome = "pass"
        lot = self._make_lot("L1")
        order.write({"product_id": self.product.id, "lot_ids": lot.ids})
        self.assertEqual(order.plan_copy_id.code, "P")
        self.assertEqual((order.state, order.verdict), ("validated", "passed"))

    def test_receiving_many_lots_reads_the_plans_once(self):
        """Plans and their copies cost the same for one lot and for twenty."""
        self._associate(self.one, product_ids=self.product.ids)
        self._plan()
        costs = []
        for names in (["Q1"], [f"R{number}" for number in range(20)]):
            self.env.flush_all()
            self.env.invalidate_all()
            with self._count("qms_quality_plan") as seen:
                self._receive(names)
            costs.append(len(seen))
        self.assertEqual(costs[0], costs[1])
        self.assertTrue(0 < costs[0] <= 9, costs)

    @contextmanager
    def _count(self, table):
        """Collect the queries that read a table."""
        seen, execute = [], Cursor.execute

        def counting(cursor, query, *args, **kwargs):
            if f'FROM "{table}' in str(query):
                seen.append(query)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", counting):
            yield seen

    def test_a_plan_of_another_company_counts_nowhere_else(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._plan(product_id=False).company_id = company
        self.assertFalse(self._find(self.product))

    def test_orders_share_a_copy_that_nobody_changes(self):
        plan = self._plan()
        first, second = self._order_of(self.one, "L1"), self._order_of(self.one, "L2")
        self.assertEqual(first.plan_copy_id, second.plan_copy_id)
        plan.with_user(self.manager).order_basis = "one"
        third = self._order_of(self.one, "L3")
        self.assertEqual(first.plan_copy_id.order_basis, "all")
        self.assertEqual(third.plan_copy_id.order_basis, "one")
        copy = first.plan_copy_id.with_user(self.manager)
        with self.assertRaises(AccessError):
            copy.order_basis = "one"
        with self.assertRaises(AccessError):
            copy.unlink()
        with self.assertRaises(AccessError) as error:
            first.with_user(self.manager).plan_copy_id = third.plan_copy_id
        self.assertIn("Quality Plan", str(error.exception))
        with self.assertRaises(AccessError):
            self._order_of(self.one, "L4", plan_copy_id=first.plan_copy_id.id)
        plan.unlink()
        self.assertEqual(first.plan_copy_id.code, "P")

    # -- The plan itself ---------------------------------------------------------------

    def test_a_manager_fills_the_form(self):
        plans = self.env["qms.quality.plan"].with_user(self.manager)
        with Form(plans) as form:
            form.code, form.name = "MILK", "Milk"
            form.product_id = self.product
            form.max_quantity = 1000
            self.assertEqual(form.max_uom_id, self.product.uom_id)
            form.return_order = True
            form.return_copy_new_lot = True
            form.return_order = False
            self.assertFalse(form.return_copy_new_lot)
            form.cell_pass_fail = "on_hold"
        plan = form.save()
        self.assertEqual(plan.cell_pass_fail, "on_hold")
        self.assertEqual(plan.display_name, "MILK · Milk")

    def test_the_form_says_what_each_option_does(self):
        arch = self.env["qms.quality.plan"].get_view(view_type="form")["arch"]
        plans = self.env["qms.quality.plan"]
        names = set(plans._get_option_fields()) - set(plans._get_cell_fields())
        for name in names:
            self.assertTrue(plans._fields[name].help.endswith("."), name)
            self.assertEqual(arch.count(plans._fields[name].help), 1, name)

    def test_impossible_plans_are_refused(self):
        dozen = self.env.ref("uom.product_uom_kgm")
        for vals, text in (
            ({"max_quantity": -1}, "P · Milk: the maximum quantity can't be negative."),
            ({"max_quantity": 1}, "P · Milk: the maximum quantity needs its unit."),
            (
                {"max_quantity": 1, "max_uom_id": dozen.id},
                "P · Milk: the maximum quantity is in kg, which can't be converted into"
                " Units, the unit of the product.",
            ),
            (
                {"return_copy_new_lot": True},
                "P · Milk: a quality order can be copied to the new lot only where"
                " customer returns are inspected. Choose that, too.",
            ),
        ):
            with self.assertRaises(ValidationError) as error:
                self._plan(**vals)
            self.assertEqual(str(error.exception), text)
        self._plan()
        for vals in (
            {},
            {"code": "D", "date_from": "2026-02-01", "date_to": "2026-01-01"},
            {"code": "E", "categ_id": self.env["product.category"].search([])[0].id},
        ):
            with self.assertRaises(Exception), mute_logger("odoo.sql_db"):  # noqa: B017
                self._plan(**vals)

    def test_only_managers_change_plans(self):
        plan = self._plan()
        with self.assertRaises(AccessError):
            plan.with_user(self.inspector).basis = "one"
        with self.assertRaises(AccessError):
            self.env["qms.quality.plan"].with_user(self.clerk).create(
                {"code": "X", "name": "X"}
            )

    # -- Changing an order -------------------------------------------------------------

    def _add(self, order, group, user=None):
        order.with_user(user or self.inspector).test_group_ids = [
            Command.link(group.id)
        ]

    def test_the_lock_closes_with_the_first_reading_and_opens_without(self):
        self._plan(change_rule="no_result")
        order = self._order_of(self.one)
        reading = order.result_ids.with_user(self.inspector)
        order.with_user(self.inspector).subject = "Before"
        reading.outcome = "pass"
        for change in (
            lambda: self._add(order, self.both),
            lambda: order.with_user(self.inspector).write({"subject": "After"}),
            lambda: (
                self.env["qms.quality.order.spec"]
                .with_user(self.inspector)
                .create({"order_id": order.id, "test_group_id": self.both.id})
            ),
        ):
            with self.assertRaises(UserError) as error:
                change()
            self.assertEqual(
                str(error.exception),
                "What these quality orders ask for can't be changed:\n"
                f"- {order.name}: it has readings, and its quality plan P allows it"
                " only before the first one.",
            )
        # who does it and until when is no change of what is asked for
        order.with_user(self.inspector).write(
            {"user_id": self.inspector.id, "date_due": "2030-01-01", "priority": "1"}
        )
        reading.outcome = False
        self._add(order, self.both)
        self.assertEqual(len(order.spec_ids), 2)

    def test_an_order_is_never_or_always_changed(self):
        plan = self._plan(change_rule="never")
        order = self._order_of(self.one)
        with self.assertRaises(UserError) as error:
            self._add(order, self.both)
        self.assertIn("its quality plan P never allows it", str(error.exception))
        with self.assertRaises(UserError):
            order.with_user(self.manager).test_group_ids = [Command.clear()]
        plan.change_rule = "always"
        order = self._order_of(self.one, "L2")
        self._read(order, self.judged, True)
        self._add(order, self.both)
        self.assertEqual(len(order.spec_ids), 2)

    def test_the_first_groups_of_an_order_are_no_change(self):
        self._plan(change_rule="never")
        order = self._order_of(self.env["qms.test.group"])
        self._add(order, self.one)
        with self.assertRaises(UserError):
            self._add(order, self.both)

    def test_only_internal_tests_are_added(self):
        self._plan(add_test_rule="internal", change_rule="always")
        outside = self._judged_group("Outside", laboratory="external")
        order = self._order_of(outside)
        self._add(order, self.one)
        other = self._judged_group("Outside too", laboratory="external")
        with self.assertRaises(UserError) as error:
            self._add(order, other)
        self.assertEqual(
            str(error.exception),
            f"{order.name}: its quality plan P lets only internal tests be added, not:"
            " [ODOU] Odour.",
        )

    def test_a_manager_changes_when_a_test_is_complete(self):
        self._plan(basis="all", change_rule="always")
        order = self._order_of(self.both)
        line = order.test_ids[0]
        self._read(order, self.judged, True)
        self.assertEqual(order.spec_ids.verdict, "not_tested")
        with self.assertRaises(AccessError):
            line.with_user(self.inspector).write({"own_basis": True, "basis": "one"})
        with self.assertRaises(AccessError):
            line.with_user(self.manager).write({"own_basis": True, "required": False})
        line.with_user(self.manager).write({"own_basis": True, "basis": "one"})
        self.assertEqual(order.spec_ids.verdict, "passed")

    # -- Orders by hand ----------------------------------------------------------------

    def test_orders_by_hand_start_as_the_plan_says(self):
        plan = self._plan()
        self.assertEqual(self._order_of(self.one).state, "draft")
        plan.manual_state = "released"
        order = self._order_of(self.one, "L2")
        self.assertEqual((order.state, order.user_id), ("open", self.inspector))
        self._associate(self.one, product_ids=self.product.ids)
        order = self._orders(self._receive(["L3"]))
        self.assertEqual((order.state, order.plan_copy_id.code), ("draft", "P"))

    def test_a_test_before_shipment_lets_reserve_but_not_leave(self):
        self._plan(pre_ship=True)
        order = self._order_of(self.one)
        self.assertTrue(order.is_pre_ship)
        self.assertFalse(order.open_hold_count)
        delivery = self._picking("outgoing", 4).with_user(self.clerk)
        delivery.action_confirm()
        delivery.action_assign()
        self.assertEqual(delivery.state, "assigned")
        delivery.move_ids.picked = True
        with self.assertRaises(UserError) as error:
            delivery.button_validate()
        self.assertIn(order.name, str(error.exception))
        # inside it may move
        inside = self._picking("internal", 2, dest=self.shelf).with_user(self.clerk)
        inside.action_confirm()
        inside.move_ids.picked = True
        inside.button_validate()
        self.assertEqual(inside.state, "done")
        self._read(order, self.judged, True)
        order.with_user(self.inspector).action_validate()
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")

    def test_a_test_before_shipment_that_fails_holds(self):
        self._plan(pre_ship=True)
        order = self._order_of(self.one)
        self._read(order, self.judged, False)
        self.assertEqual(self._held(order)[0][0], self.on_hold)

    # -- How goods are shared out ------------------------------------------------------

    def _receive_parts(self, quantity, product=None, **vals):
        product = product or self.product
        self._associate(self.one, product_ids=product.ids)
        return self._orders(self._receive(["R1"], product, quantity=quantity, **vals))

    def test_a_receipt_is_split_by_the_maximum(self):
        product = self._make_product("Cream", uom_id=self.kg.id)
        product.qms_package_managed = True
        self._plan(product_id=product.id, max_quantity=400, max_uom_id=self.gram.id)
        orders = self._receive_parts(1.0, product)
        self.assertEqual(orders.sorted("id").mapped("quantity"), [0.4, 0.4, 0.2])
        self.assertEqual(len(orders.lot_ids), 1)
        # all of them have to pass
        for place, order in enumerate(orders):
            self.assertEqual(orders.lot_ids.inspection_status_id, self.under_inspection)
            self._read(order, self.judged, True)
            order.with_user(self.inspector).action_validate()
            self.assertEqual(place < 2, bool(self._held(orders)))
        self.assertEqual(orders.lot_ids.inspection_status_id, self.available)

    def test_an_exact_multiple_makes_no_empty_order(self):
        product = self._make_product("Cream", uom_id=self.kg.id)
        product.qms_package_managed = True
        self._plan(product_id=product.id, max_quantity=100, max_uom_id=self.gram.id)
        orders = self._receive_parts(0.3, product)
        self.assertEqual(len(orders), 3)
        for quantity in orders.mapped("quantity"):
            self.assertAlmostEqual(quantity, 0.1)

    def test_the_maximum_is_for_packages_and_whole_lots(self):
        plan = self._plan(max_quantity=4, max_uom_id=self.product.uom_id.id)
        self.assertEqual(self._receive_parts(10).quantity, 10)
        self.product.qms_package_managed = True
        plan.order_level = "location"
        order = self._orders(self._receive(["R2"]))
        self.assertEqual(order.quantity, 10)

    def test_serial_numbers_are_split_by_the_maximum(self):
        product = self._make_product("Pump", tracking="serial")
        product.qms_package_managed = True
        self._plan(product_id=product.id, max_quantity=2, max_uom_id=product.uom_id.id)
        self._associate(self.one, product_ids=product.ids)
        orders = self._orders(self._receive(["S1", "S2", "S3", "S4", "S5"], product))
        self.assertEqual([len(order.lot_ids) for order in orders], [2, 2, 1])
        self.assertEqual(sum(orders.mapped("quantity")), 5)

    def test_each_location_has_its_order(self):
        self._plan(order_level="location")
        self._associate(self.one, product_ids=self.product.ids)
        picking = self._picking("incoming", 10).with_user(self.clerk)
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        line = picking.move_ids._prepare_move_line_vals()
        lot = self._make_lot("R1")
        picking.env["stock.move.line"].create(
            [
                {**line, "quantity": 6, "lot_id": lot.id},
                {
                    **line,
                    "quantity": 4,
                    "lot_id": lot.id,
                    "location_dest_id": self.shelf.id,
                },
            ]
        )
        picking.move_ids.picked = True
        picking.button_validate()
        orders = self._orders(picking)
        places = {order.location_id: order.quantity for order in orders}
        self.assertEqual(places, {self.stock: 6, self.shelf: 4})
        shelf = orders.filtered(lambda order: order.location_id == self.shelf)
        self.assertEqual(self._held(shelf), [(self.under_inspection, lot, self.shelf)])
        self._read(shelf, self.judged, True)
        shelf.with_user(self.inspector).action_validate()
        self.assertFalse(self._held(shelf))
        self.assertTrue(self._held(orders - shelf))
        # passed or not, what is opened again is held wherever it is
        shelf.with_user(self.manager).action_reopen()
        self.assertEqual(
            self._held(shelf),
            [(self.under_inspection, lot, self.env["stock.location"])],
        )

    def test_a_clerk_receives_by_plans_that_he_cannot_read(self):
        self.env["ir.model.access"].search(
            [
                ("model_id.model", "in", ("qms.quality.plan", "qms.quality.plan.copy")),
                ("group_id", "!=", self.env.ref(MANAGER).id),
            ]
        ).unlink()
        self._plan(order_auto=True)
        self.assertEqual(self._receive_parts(10).plan_copy_id.code, "P")
