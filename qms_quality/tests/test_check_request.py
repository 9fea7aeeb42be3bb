from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from .common_inspection import InspectionCase
from .rpc_case import JsonClient, XmlClient


@tagged("post_install", "-at_install")
class TestCheckRequest(InspectionCase):
    """Whoever handles goods asks for a check; inspectors do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = cls.env["qms.check.request"]
        cls.operator = cls._make_user("qms_operator", "mrp.group_mrp_user")
        cls.seller = cls._make_user("qms_seller", "sales_team.group_sale_salesman")
        cls.buyer = cls._make_user("qms_buyer", "purchase.group_purchase_user")
        cls.colleague = cls._make_user("qms_colleague", "base.group_user")
        cls.small = cls._make_weight_group()

    def _open(self, record, user):
        """Press *Quality Check* on ``record``; return the dialog."""
        action = record.with_user(user).action_qms_check()
        self.assertEqual(action["target"], "new")
        return self.requests.with_user(user).browse(action["res_id"])

    def _ask(self, request):
        """Press *Ask for the Check*; return the new orders."""
        last = (
            self.env["qms.quality.order"].search([], order="id desc", limit=1).id or 0
        )
        request.action_ask()
        orders = self.env["qms.quality.order"].search([("id", ">", last)], order="id")
        return orders.with_user(self.inspector)

    # -- From a transfer ---------------------------------------------------------------

    def test_a_clerk_asks_from_a_receipt(self):
        picking = self._receive(lots=["L1", "L2"])
        request = self._open(picking, self.clerk)
        self.assertEqual(request.line_ids.lot_ids.mapped("name"), ["L1", "L2"])
        with Form(request) as form:
            form.subject = "Smells of solvent"
            form.description = "Two cans were open"
            form.test_group_ids.add(self.small)
            form.line_ids.remove(index=1)
        order = self._ask(request)
        self.assertEqual(
            (order.event, order.lot_ids.name, order.quantity, order.picking_id.id),
            ("manual", "L1", 10, picking.id),
        )
        self.assertEqual(
            (order.partner_id, order.subject, order.test_group_ids, order.create_uid),
            (self.partner, "Smells of solvent", self.small, self.clerk),
        )
        self.assertIn("Two cans were open", order.message_ids[0].body)
        self.assertEqual(order.message_ids[0].author_id, self.clerk.partner_id)
        # to hold is for inspectors
        self.assertFalse(self._held(order))
        with self.assertRaises(AccessError):
            order.with_user(self.clerk).action_start()

    def test_what_fails_is_held_though_nothing_was_held_before(self):
        picking = self._receive(lots=["L1", "L2"])
        request = self._open(picking, self.clerk)
        request.test_group_ids = self.small
        first, second = self._ask(request)
        self._fill(first)
        first.action_validate()
        self.assertFalse(self._held(first))
        second.result_ids.value = 3.9
        self.assertEqual(
            self._held(second), [(self.on_hold, second.lot_ids, second.location_id[:0])]
        )
        second.action_validate()
        failed = self.small.failed_status_id
        self.assertEqual([status for status, *_goods in self._held(second)], [failed])
        self.assertEqual(second.lot_ids.inspection_status_id, failed)
        self.assertEqual(first.lot_ids.inspection_status_id, self.available)

    def test_a_correction_frees_what_failed(self):
        request = self._open(self._receive(lots=["L1"]), self.clerk)
        request.test_group_ids = self.small
        order = self._ask(request)
        order.result_ids.value = 3.9
        order.result_ids.value = 5
        order.action_validate()
        self.assertEqual(order.verdict, "passed")
        self.assertFalse(self._held(order))

    def test_an_inspector_holds_and_lets_steps_wait(self):
        picking = self._receive(lots=["L1"])
        request = self._open(picking, self.inspector)
        with Form(request) as form:
            self.assertTrue(form.hold_goods)
            form.block_bill = True
        order = self._ask(request)
        self.assertEqual(
            self._held(order), [(self.under_inspection, order.lot_ids, self.stock[:0])]
        )
        self.assertEqual(order.blocks, "The Bill or Invoice")

    def test_an_inspector_lets_the_next_work_order_wait(self):
        production = self._make_work(2)
        first, second = production.workorder_ids
        request = self._open(production, self.inspector)
        with Form(request) as form:
            form.test_group_ids.add(self.small)
            form.hold_goods = False
            form.block_workorder = True
            form.workorder_id = first
        order = self._ask(request)
        self.assertEqual((order.workorder_id, order.block_workorder), (first, True))
        work = (first | second).with_user(self.operator)
        work[0].button_start()
        work[0].button_finish()
        with self.assertRaises(UserError) as error:
            work[1].button_start()
        self.assertIn(f"{order.name}: Cheese", str(error.exception))
        self._fill(order)
        order.action_validate()
        work[1].button_start()
        self.assertEqual(work[1].state, "progress")

    def _make_work(self, steps):
        cheese = self._make_product("Cheese", tracking="none")
        workcenter = self.env["mrp.workcenter"].create({"name": "Vat"})
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": cheese.product_tmpl_id.id,
                "operation_ids": [
                    (0, 0, {"name": f"Step {n}", "workcenter_id": workcenter.id})
                    for n in range(steps)
                ],
            }
        )
        production = self.env["mrp.production"].create(
            {"product_id": cheese.id, "bom_id": bom.id, "product_qty": 1}
        )
        production.action_confirm()
        return production

    def test_serial_numbers_are_one_order(self):
        serial = self._make_product("Tank", tracking="serial")
        request = self._open(
            self._receive(product=serial, lots=["S1", "S2", "S3"]), self.clerk
        )
        order = self._ask(request)
        self.assertEqual(len(order.lot_ids), 3)
        self.assertEqual(order.quantity, 3)

    def test_goods_that_are_still_to_come(self):
        picking = self._picking("incoming", 7)
        picking.action_confirm()
        request = self._open(picking, self.clerk)
        self.assertEqual(request.line_ids.quantity, 7)
        self.assertFalse(request.line_ids.location_id)
        self.assertEqual(self._ask(request).picking_id, picking)
        request = self._open(picking, self.inspector)
        with self.assertRaises(UserError) as error:
            request.action_ask()
        self.assertEqual(
            str(error.exception),
            "Milk can't be held: give its lot (its place, if it isn't tracked), or"
            " don't hold it.",
        )

    def test_a_tracked_product_is_not_held_by_its_place(self):
        request = self.requests.with_user(self.inspector).create(
            {
                "line_ids": [
                    Command.create(
                        {"product_id": self.product.id, "location_id": self.stock.id}
                    )
                ]
            }
        )
        with self.assertRaises(UserError):
            request.action_ask()
        request.line_ids.product_id = self.untracked
        order = self._ask(request)
        self.assertEqual([place for *_goods, place in self._held(order)], [self.stock])

    def _ask_before(self, product=None):
        """Ask for a check of a receipt that is still to come."""
        picking = self._picking("incoming", 7, product)
        picking.action_confirm()
        request = self._open(picking, self.clerk)
        request.test_group_ids = self.small
        return picking.with_user(self.clerk), self._ask(request)

    def _arrive(self, picking, *lots):
        line, *_others = picking.move_ids.move_line_ids
        line.write({"lot_name": lots[0] if lots else False, "quantity": 4})
        for lot in lots[1:]:
            line.copy({"lot_name": lot, "quantity": 3})
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        self.assertEqual(picking.state, "done")

    def test_what_failed_before_it_came_arrives_on_hold(self):
        for validated in (False, True):
            with self.subTest(validated=validated):
                picking, order = self._ask_before()
                self._fill(order, fail=True)
                if validated:
                    order.action_validate()
                lots = [f"{picking.id}-A", f"{picking.id}-B"]
                self._arrive(picking, *lots)
                self.assertEqual(
                    {(status, lot.name) for status, lot, _place in self._held(order)},
                    {(self.on_hold, name) for name in lots},
                )

    def test_what_fails_after_it_came_is_held(self):
        picking, order = self._ask_before()
        self._arrive(picking, "L1", "L2")
        first, second = self._orders(picking).sorted("id")
        self.assertEqual((first.lot_names, second.lot_names), ("L1", "L2"))
        self.assertEqual(second.test_group_ids, self.small)
        self.assertFalse(self._held(first) or self._held(second))
        for each in (first, second):
            self._fill(each, fail=True)
            self.assertEqual(each.lot_ids.inspection_status_id, self.on_hold)

    def test_untracked_goods_that_failed_before_they_came(self):
        picking, order = self._ask_before(self.untracked)
        self._fill(order, fail=True)
        self._arrive(picking)
        place = picking.sudo().location_dest_id
        self.assertEqual(
            self._held(order), [(self.on_hold, self.env["stock.lot"], place)]
        )

    def test_an_order_by_hand_holds_what_comes(self):
        """The form gives the place, which a tracked product isn't held by."""
        picking = self._picking("incoming", 4)
        picking.action_confirm()
        action = picking.with_user(self.inspector).action_new_quality_order()
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        with Form(orders.with_context(**action["context"])) as form:
            form.test_group_ids.add(self.small)
        order = form.record
        self.assertFalse(self._held(order))
        self._arrive(picking.with_user(self.clerk), "L1")
        self.assertEqual(
            [(status, lot.name) for status, lot, _place in self._held(order)],
            [(self.under_inspection, "L1")],
        )

    # -- From a lot, a manufacturing order, nothing ------------------------------------

    def test_from_a_lot_with_the_groups_of_its_rules(self):
        self._associate(self.small, product_ids=self.product.ids)
        self._associate(event="delivery_ready", product_ids=self.untracked.ids)
        lot = self._make_lot("OLD")
        self._stock_up(12, lot)
        request = self._open(lot, self.clerk)
        self.assertEqual(request.test_group_ids, self.small)
        order = self._ask(request)
        self.assertEqual((order.lot_ids, order.quantity), (lot, 12))
        self.assertEqual(order.test_group_ids, self.small)

    def test_from_a_manufacturing_order(self):
        product = self._make_product("Yoghurt", tracking="none")
        production = self.env["mrp.production"].create(
            {"product_id": product.id, "product_qty": 3}
        )
        production.action_confirm()
        request = self._open(production, self.operator)
        request.test_group_ids = self.small
        order = self._ask(request)
        self.assertEqual(
            (order.production_id, order.product_id, order.quantity),
            (production, product, 3),
        )

    def test_production_that_failed_before_it_was_done(self):
        self.company.qms_close_needs_signoff = False
        product = self._make_product("Yoghurt", tracking="none")
        production = self.env["mrp.production"].with_user(self.operator)
        production = production.create({"product_id": product.id, "product_qty": 3})
        production.action_confirm()
        request = self._open(production, self.operator)
        request.test_group_ids = self.small
        order = self._ask(request)
        self._fill(order, fail=True)
        self.assertFalse(self._held(order))
        production.qty_producing = 3
        production.with_context(skip_consumption=True).button_mark_done()
        self.assertEqual(production.state, "done")
        place = production.sudo().location_dest_id
        self.assertEqual(
            [(status, where) for status, _lot, where in self._held(order)],
            [(self.on_hold, place)],
        )

    def test_from_nothing(self):
        form = Form(self.requests.with_user(self.seller))
        form.subject = "A cup that a customer sent back"
        form.partner_id = self.partner
        order = self._ask(form.save())
        self.assertFalse(order.product_id or order.lot_ids or order.uom_id)
        self.assertEqual(order.subject, "A cup that a customer sent back")
        order.test_group_ids = self.small
        order.result_ids.value = 3
        order.action_validate()
        self.assertEqual(order.verdict, "failed")
        self.assertFalse(self._held(order))

    def test_a_buyer_asks(self):
        form = Form(self.requests.with_user(self.buyer))
        form.subject = "What the new supplier sent to try"
        form.test_group_ids.add(self.small)
        with form.line_ids.new() as line:
            line.product_id = self.untracked
        order = self._ask(form.save())
        self.assertEqual(
            (order.product_id, order.test_group_ids, order.create_uid),
            (self.untracked, self.small, self.buyer),
        )

    # -- Who may ask for what ----------------------------------------------------------

    def test_who_may_ask(self):
        lot = self._make_lot("OLD")
        with self.assertRaises(AccessError):
            self.requests.with_user(self.colleague).create({})
        with self.assertRaises(AccessError) as error:
            self.requests.with_user(self.colleague).sudo().create({}).action_ask()
        self.assertEqual(
            str(error.exception),
            "You may not ask for checks. Ask someone who works in Inventory,"
            " Manufacturing, Purchase, Sales or Quality.",
        )
        request = self._open(lot, self.clerk)
        request.write({"hold_goods": True, "block_next": True, "block_close": True})
        order = self._ask(request)
        self.assertFalse(self._held(order) or order.hold_goods or order.blocks)

    def test_nobody_asks_about_what_he_may_not_see(self):
        other = self.env["res.company"].create({"name": "Other dairy"})
        foreign = self.env["stock.lot"].create(
            {"name": "X", "product_id": self.product.id, "company_id": other.id}
        )
        goods = {"product_id": self.product.id, "lot_ids": [Command.link(foreign.id)]}
        requests = self.requests.with_user(self.clerk)
        with self.assertRaises(UserError):
            requests.create({"line_ids": [Command.create(goods)]}).action_ask()
        for name, record in (
            ("company_id", other),
            ("test_group_ids", self._draft_group("Draft", {"test_id": self.fat.id})),
        ):
            value = record.ids if name.endswith("ids") else record.id
            with self.subTest(field=name), self.assertRaises(UserError):
                requests.create({name: value}).action_ask()
        with self.assertRaises(AccessError):
            self._open(self._receive(lots=["L1"]), self.colleague)

    def test_a_request_is_its_makers_own(self):
        request = self.requests.with_user(self.clerk).create(
            {"line_ids": [Command.create({"product_id": self.product.id})]}
        )
        for record in (request, request.line_ids):
            with self.subTest(model=record._name):
                self.assertEqual(record.search([("id", "in", record.ids)]), record)
                theirs = record.with_user(self.operator)
                self.assertFalse(theirs.search([("id", "in", record.ids)]))
                for method, arguments in (
                    ("read", [["company_id"]]),
                    ("write", [{}]),
                    ("unlink", []),
                ):
                    with self.assertRaises(AccessError):
                        getattr(theirs, method)(*arguments)
        with self.assertRaises(AccessError):
            request.with_user(self.operator).action_ask()
        with self.assertRaises(AccessError):
            request.line_ids.with_user(self.operator).create(
                {"request_id": request.id, "product_id": self.product.id}
            )


@tagged("post_install", "-at_install")
class TestCheckRequestRpc(InspectionCase, HttpCase):
    """What a program sends along with a request isn't written on the order."""

    def test_defaults_of_the_asker_are_left_out(self):
        self.clerk.password = "qms_clerk-password"
        self.passwords = {self.clerk: "qms_clerk-password"}
        picking = self._receive(lots=["L1"])
        defaults = {
            "default_block_transfer": True,
            "default_block_bill": True,
            "default_move_id": picking.move_ids.id,
            "default_user_id": self.manager.id,
        }
        for call in (XmlClient(self, self.clerk), JsonClient(self, self.clerk)):
            requests = self.env["qms.check.request"].with_user(self.clerk)
            request = requests.create({"subject": "Smells"})
            self.env.cr.flush()
            last = self.env["qms.quality.order"].search([], order="id desc", limit=1).id
            call("qms.check.request", "action_ask", request.ids, context=defaults)
            self.env.invalidate_all()
            order = self.env["qms.quality.order"].search([("id", ">", last or 0)])
            self.assertEqual(order.subject, "Smells")
            self.assertFalse(order.blocks or order.move_id or order.user_id)
