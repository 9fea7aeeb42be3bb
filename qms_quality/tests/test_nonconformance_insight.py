from unittest import skipUnless

from odoo import Command
from odoo.tests import Form, tagged

from .common_report import ReportCase
from .test_certificate import _has_wkhtmltopdf

REPORT = "qms_quality.report_nonconformance"
TAG = "qms_quality.report_nonconformance_tag"


@tagged("post_install", "-at_install")
class TestNonconformanceInsight(ReportCase):
    """What an investigation needs stands on the case, and on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["res.partner"].create({"name": "Corner Shop"})
        cls.lot = cls._make_lot("M-1")
        cls._stock_up(100, cls.lot)

    def _make_case(self, lots=None, **vals):
        lots = self.lot if lots is None else lots
        return self.Case.with_user(self.inspector).create(
            {
                "subject": "Off taste",
                "product_id": lots.product_id.id,
                "lot_ids": [Command.set(lots.ids)],
                "hold_goods": False,
                **vals,
            }
        )

    def _count_queries(self, records, *names):
        self.env.flush_all()
        self.env.invalidate_all()
        records.read(["name"])
        before = self.env.cr.sql_log_count
        for name in names:
            records.mapped(name)
        return self.env.cr.sql_log_count - before

    # -- Who has it --------------------------------------------------------------------

    def test_a_delivered_lot_shows_its_customers(self):
        first = self._deliver(self.lot, 5, self.shop)
        second = self._deliver(self.lot, 3, self.partner)
        self._picking("internal", 1, dest=self.shelf)
        case = self._make_case()
        self.assertEqual(case.customer_ids, self.shop | self.partner)
        self.assertEqual((case.customer_count, case.delivered_quantity), (2, 8))
        self.assertEqual(case.delivered_line_ids.picking_id, first | second)
        self.assertEqual(
            set(case.action_open_customers()["domain"][0][2]),
            set((self.shop | self.partner).ids),
        )

    def test_what_was_split_off_counts_too(self):
        child = self.lot._qms_split(10, self.stock, name="M-1-A")
        self._deliver(child, 4, self.shop)
        self.assertEqual(self._make_case().customer_ids, self.shop)
        self.assertEqual(self._make_case(child).customer_ids, self.shop)

    def test_what_was_not_delivered_has_no_customers(self):
        case = self._make_case()
        self.assertFalse(case.delivered_line_ids or case.customer_count)
        self.assertFalse(self.Case.new({"subject": "x"}).delivered_line_ids)

    def test_customers_of_many_cases_cost_as_much_as_of_one(self):
        lots = self.env["stock.lot"].create(
            [{"name": f"D-{n}", "product_id": self.product.id} for n in range(8)]
        )
        cases = self.Case
        for lot in lots:
            self._stock_up(5, lot)
            self._deliver(lot, 2, self.shop)
            cases |= self._make_case(lot)
        names = ("delivered_line_ids", "customer_ids", "delivered_quantity")
        one = self._count_queries(cases[:1], *names)
        self.assertEqual(self._count_queries(cases, *names), one)
        # the lots, and the lines
        with self.assertQueryCount(2):
            cases._get_delivered_lines()

    def _make_of(self, lot, name, quantity=1):
        """Use a lot up in production; return the lot that was made of it."""
        product = self._make_product(f"Made as {name}")
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": lot.product_id.id, "product_qty": 1})
                ],
            }
        )
        order = self.env["mrp.production"].create(
            {
                "product_id": product.id,
                "bom_id": bom.id,
                "product_qty": quantity,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        order.move_raw_ids.move_line_ids.lot_id = lot
        made = self._make_lot(name, product)
        order.lot_producing_ids = made
        order.button_mark_done()
        return made

    def test_customers_of_what_was_made_of_it(self):
        """Used up, and the result used up again, split and delivered."""
        cheese = self._make_of(self.lot, "CHEESE", 6)
        pizza = self._make_of(cheese, "PIZZA", 4)
        slices = pizza._qms_split(3, self.stock, name="PIZZA-A")
        first = self._deliver(slices, 2, self.shop)
        second = self._deliver(cheese, 1, self.partner)
        own = self._deliver(self.lot, 5, self.partner)
        other = self._make_lot("M-2")
        self._stock_up(5, other)
        self._deliver(self._make_of(other, "CHEESE-2"), 1, self.shop)

        case = self._make_case()
        self.assertEqual(case.delivered_line_ids.picking_id, first | second | own)
        self.assertEqual(case.customer_ids, self.shop | self.partner)
        self.assertEqual(case.delivered_quantity, 5, "of its own product")
        for lot, pickings in ((cheese, first | second), (pizza, first)):
            self.assertEqual(
                self._make_case(lot).delivered_line_ids.picking_id, pickings
            )
        self.assertFalse(
            self._make_case(other).delivered_line_ids.picking_id & (first | own)
        )
        form = Form(case.with_user(self.inspector))
        self.assertEqual(form.customer_count, 2)

    def test_levels_of_production_cost_no_queries(self):
        lot = self.lot
        for level in range(5):
            lot = self._make_of(lot, f"LEVEL-{level}")
        self._deliver(lot, 1, self.shop)
        near, far = self._make_case(lot), self._make_case()
        names = ("delivered_line_ids", "customer_ids", "delivered_quantity")
        self.assertEqual(
            self._count_queries(near, *names), self._count_queries(far, *names)
        )
        self.assertEqual(far.customer_ids, self.shop)

    def test_made_of_itself(self):
        """A serial number that was built again under its number ends the search."""
        serial = self._make_lot("S-1", self._make_product("Pump", tracking="serial"))
        self._stock_up(1, serial)
        used, made = self.env["stock.move.line"], self.env["stock.move.line"]
        for source, dest in (
            (self.stock, self.customer),
            (self.customer, self.stock),
        ):
            move = self.env["stock.move"].create(
                {
                    "product_id": serial.product_id.id,
                    "product_uom_qty": 1,
                    "location_id": source.id,
                    "location_dest_id": dest.id,
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": serial.product_id.id,
                                "lot_id": serial.id,
                                "quantity": 1,
                                "location_id": source.id,
                                "location_dest_id": dest.id,
                            }
                        )
                    ],
                }
            )
            move.picked = True
            move._action_done()
            used, made = made, move.move_line_ids
        made.consume_line_ids = used
        case = self._make_case(serial)
        self.assertEqual(len(case.delivered_line_ids), 1)

    # -- Earlier cases -----------------------------------------------------------------

    def test_earlier_cases_of_product_and_partner(self):
        milk = self._make_case(partner_id=self.partner.id)
        salt = self.Case.create(
            {
                "subject": "Wet",
                "product_id": self.untracked.id,
                "partner_id": self.partner.id,
            }
        )
        other = self.Case.create({"subject": "Fax"})
        gone = self._make_case()
        gone.with_user(self.manager).action_cancel("It was a mistake")
        case = self._make_case(partner_id=self.partner.id)
        self.assertEqual(case.earlier_ids, salt | milk)
        self.assertNotIn(other, case.earlier_ids)
        self.assertEqual(
            (case.earlier_product_count, case.earlier_partner_count), (1, 2)
        )
        self.assertEqual(case.action_open_earlier_product()["res_id"], milk.id)
        self.assertFalse(other.earlier_ids or other.earlier_product_count)

    def test_earlier_cases_cost_as_much_for_many(self):
        cases = self.Case
        for _number in range(8):
            cases |= self._make_case(partner_id=self.partner.id)
        names = ("earlier_ids", "earlier_product_count", "earlier_partner_count")
        one = self._count_queries(cases[:1], *names)
        self.assertEqual(one, 4)
        self.assertEqual(self._count_queries(cases, *names), one)

    # -- Production --------------------------------------------------------------------

    def _produce(self):
        """Make a lot of yoghurt of a lot of milk, on a vat, by an operator."""
        vat = self.env["mrp.workcenter"].create({"name": "Vat"})
        yoghurt = self._make_product("Yoghurt")
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": yoghurt.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": self.product.id, "product_qty": 2})
                ],
                "operation_ids": [
                    Command.create({"name": "Fill", "workcenter_id": vat.id})
                ],
            }
        )
        production = self.env["mrp.production"].create(
            {
                "product_id": yoghurt.id,
                "bom_id": bom.id,
                "product_qty": 3,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "location_src_id": self.stock.id,
                "location_dest_id": self.stock.id,
            }
        )
        production.action_confirm()
        production.action_assign()
        production.workorder_ids.with_user(self.operator).button_start()
        production.workorder_ids.with_user(self.operator).button_finish()
        production.qty_producing = 3
        production.lot_producing_ids = self._make_lot("Y-1", yoghurt)
        production.with_context(skip_consumption=True).button_mark_done()
        self.assertEqual(production.state, "done")
        return production

    def test_the_production_run(self):
        production = self._produce()
        case = self._make_case(production.lot_producing_ids)
        self.assertEqual(case.run_production_ids, production)
        self.assertEqual(case.run_workorder_ids, production.workorder_ids)
        self.assertEqual(case.run_workorder_ids.workcenter_id.name, "Vat")
        self.assertEqual(case.run_workorder_ids.qms_operator_ids, self.operator)
        self.assertEqual(case.run_component_ids.lot_id, self.lot)
        self.assertFalse(case.used_production_ids)
        # the other way: what was made of it
        milk = self._make_case()
        self.assertEqual(milk.used_production_ids, production)
        self.assertFalse(milk.run_production_ids)

    def test_components_show_their_quality_orders(self):
        self._associate(product_ids=self.product.ids)
        order = self._receive_order(lots=[self.lot])
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        case = self._make_case(self._produce().lot_producing_ids)
        self.assertEqual(
            case.run_component_ids.with_user(self.inspector).qms_quality_order_ids,
            order.with_user(self.inspector),
        )

    def test_a_manufacturing_order_without_lots(self):
        production = self._produce()
        case = self.Case.with_user(self.inspector).create(
            {"subject": "Stirred too long", "production_id": production.id}
        )
        self.assertEqual(case.run_workorder_ids, production.workorder_ids)

    def test_runs_of_many_cases_cost_as_much_as_of_one(self):
        production = self._produce()
        cases = self.Case
        for _number in range(8):
            cases |= self._make_case(production.lot_producing_ids)
        names = ("run_production_ids", "run_workorder_ids", "run_component_ids")
        one = self._count_queries(cases[:1], *names)
        self.assertEqual(self._count_queries(cases, *names), one)

    # -- Trend -------------------------------------------------------------------------

    def _fail_order(self):
        self._associate(product_ids=self.product.ids)
        self.company.qms_open_cases = True
        order = self._receive_order()
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        return order

    def test_the_chart_is_about_what_failed(self):
        case = self._fail_order().case_id
        tests = self.env["qms.test"].with_user(self.inspector)
        choices = tests.get_control_chart_choices(case._name, case.id)
        self.assertEqual(
            [(one["test_id"], one["product_id"]) for one in choices],
            [(self.weight.id, self.product.id)],
        )
        for ill in ("1", None, [1], -1):
            self.assertEqual(tests.get_control_chart_choices(case._name, ill), [])

    # -- The chain ---------------------------------------------------------------------

    def test_the_chain_from_failure_to_retest(self):
        order = self._fail_order()
        case = order.case_id
        row = (
            self.env["qms.disposition"]
            .sudo()
            .create(
                {
                    "nonconformance_id": case.id,
                    "kind": "rework",
                    "lot_id": order.lot_ids.id,
                    "location_id": self.stock.id,
                    "quantity": 4,
                    "reason": "Weigh it again",
                }
            )
        )
        again = self.env["qms.quality.order"].create(
            {
                "product_id": self.product.id,
                "hold_goods": False,
                "test_group_ids": [Command.set(self.group.ids)],
            }
        )
        self.env.cr.execute(
            "UPDATE qms_quality_order SET nonconformance_id = %s, disposition_id = %s"
            " WHERE id = %s",
            [case.id, row.id, again.id],
        )
        self.env.invalidate_all()
        steps = case.with_user(self.inspector)._get_chain()
        self.assertEqual(
            [(step.label, step.tone, step.level) for step in steps],
            [
                ("Failed", "danger", 0),
                ("Rework", "warning", 0),
                ("Tested again", "warning", 1),
            ],
        )
        self.assertEqual(steps[0].title, order.name)
        self.assertIn("3.90 kg", steps[0].texts[0])
        self.assertIn("4.00 – 6.00 kg", steps[0].texts[0])
        self.assertIn("Weigh it again", steps[1].texts)
        html = case.with_user(self.inspector).chain
        self.assertIn(f"/odoo/qms.quality.order/{again.id}", html)
        for text in (order.name, "Rework", again.name):
            self.assertIn(text, html)

    def test_a_chain_escapes_what_people_write(self):
        case = self._make_case(subject="<script>alert(1)</script>")
        self.assertNotIn("<script>", case.chain)

    # -- Who may see it ----------------------------------------------------------------

    def test_whoever_reads_cases_opens_the_form(self):
        self._deliver(self.lot, 2, self.shop)
        production = self._produce()
        case = self._make_case(production.lot_producing_ids, type="customer")
        order = self._receive_order()
        officer = self._make_user("qms_officer", "qms_quality.group_compliance_officer")
        plant = self._make_user("qms_plant", "qms_quality.group_plant_manager")
        for user in (
            self.inspector,
            self.manager,
            officer,
            plant,
            self.clerk,
            self.operator,
            self.seller,
            self.buyer,
        ):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                self._open_form(case.with_user(user))
                self._open_form(order.with_user(user))

    def _open_form(self, case):
        """Read what the form shows, with what its lists show, as the client does."""
        form = Form(case)
        spec = form._view["fields_spec"]
        self.assertTrue(case.web_read(spec))

    # -- Printed -----------------------------------------------------------------------

    def _print(self, case, report, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.inspector)
        html, _kind = reports._render_qweb_html(report, case.ids)
        return " ".join(html.decode().split())

    def test_the_report(self):
        order = self._fail_order()
        case = order.case_id
        self._deliver_held(order.lot_ids)
        html = self._print(case, REPORT)
        for text in (
            case.name,
            order.name,
            "3.90 kg",
            "4.00 – 6.00 kg",
            "L1",
            "Corner Shop",
            "data:image/png;base64,",
            "From Failure to Re-test",
        ):
            self.assertIn(text, html)

    def _deliver_held(self, lot):
        """Pretend that goods left before they were held."""
        picking = self._delivery(2, partner_id=self.shop.id)
        line = picking.move_ids._prepare_move_line_vals(quantity=2)
        line = (
            self.env["stock.move.line"]
            .with_context(qms_picked_by_system=True)
            .create({**line, "lot_id": lot.id})
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move_line SET state = 'done' WHERE id = %s", [line.id]
        )
        self.env.invalidate_all()

    def test_the_report_of_a_complaint(self):
        case = self._make_case(type="customer", customer_reference="REF-9")
        html = self._print(case, REPORT)
        for text in ("REF-9", "Not yet", "Not decided", "Reported"):
            self.assertIn(text, html)

    def test_a_tag_for_each_place(self):
        self._stock_up(7, self.lot, self.shelf)
        case = self._make_case(hold_goods=True)
        tags = case._get_tags()
        self.assertEqual(
            {(tag.lot, tag.place, tag.quantity, tag.status) for tag in tags},
            {
                (self.lot, self.stock.display_name, 100, "On hold"),
                (self.lot, self.shelf.display_name, 7, "On hold"),
            },
        )
        html = self._print(case, TAG)
        self.assertEqual(html.count("NONCONFORMING"), 2)
        for text in (case.name, "M-1", "On hold", "data:image/png;base64,"):
            self.assertIn(text, html)
        self.assertTrue(
            case._get_page_url().endswith(f"/odoo/qms.nonconformance/{case.id}")
        )

    def test_a_tag_without_stock(self):
        lot = self._make_lot("Empty")
        self.assertEqual([tag.lot for tag in self._make_case(lot)._get_tags()], [lot])
        case = self.Case.create({"subject": "Fax"})
        self.assertIn("Fax", self._print(case, TAG))

    @skipUnless(_has_wkhtmltopdf(), "needs wkhtmltopdf")
    def test_pdf(self):
        case = self._make_case(hold_goods=True)
        for name in (REPORT, TAG):
            reports = self.env["ir.actions.report"].with_user(self.inspector)
            pdf, kind = reports.with_context(
                force_report_rendering=True
            )._render_qweb_pdf(name, case.ids)
            self.assertEqual((pdf[:4], kind), (b"%PDF", "pdf"))
