from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import INSPECTOR, STOCK_USER
from .common_report import ReportCase

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestNonconformanceReport(ReportCase):
    """Whoever handles goods reports what is wrong; inspectors hold it."""

    # -- From transfers ----------------------------------------------------------------

    def test_a_clerk_reports_from_a_receipt(self):
        picking = self._receive(lots=["L1", "L2"])
        report = self._open_report(picking, self.clerk)
        self.assertEqual(report.line_ids.lot_id.mapped("name"), ["L1", "L2"])
        self.assertEqual(report.type, "supplier")
        with Form(report) as form:
            form.description = "Two cans were open"
            form.severity = "3_critical"
            form.line_ids.remove(index=1)
        case = self._report(report, "Smells of solvent")
        self.assertRecordValues(
            case,
            [
                {
                    "subject": "Smells of solvent",
                    "type": "supplier",
                    "severity": "3_critical",
                    "state": "initiation",
                    "picking_id": picking.id,
                    "partner_id": self.partner.id,
                    "product_id": self.product.id,
                    "quantity": 10,
                    "uom_id": self.product.uom_id.id,
                    "create_uid": self.clerk.id,
                }
            ],
        )
        self.assertEqual(case.lot_ids.name, "L1")
        self.assertIn("Two cans were open", case.description)
        message = case.message_ids[0]
        self.assertEqual(message.author_id, self.clerk.partner_id)
        self.assertIn("qms_clerk", message.body)
        # to hold is for inspectors
        self.assertFalse(self._held_by(case))
        # he finds it again, and changes nothing
        self.assertEqual(picking.with_user(self.clerk).qms_nonconformance_count, 1)
        action = picking.with_user(self.clerk).action_open_nonconformances()
        self.assertEqual(action["res_id"], case.id)
        with self.assertRaises(AccessError):
            case.with_user(self.clerk).subject = "All right"

    def test_each_entry_of_the_menu_is_there_once(self):
        both = self._make_user("qms_both", INSPECTOR, STOCK_USER)
        for user in (both, self.inspector, self.clerk):
            menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            names = [menu["name"] for menu in menus.values()]
            for name in ("Report a Nonconformance", "Ask for a Check"):
                self.assertEqual(names.count(name), 1, (user.login, name))

    def test_a_report_says_its_number(self):
        report = self._open_report(self._receive(lots=["L1"]), self.clerk)
        report.subject = "Dented"
        action = report.action_report()
        case = self.Case.search([], order="id desc", limit=1)
        self.assertEqual(action["params"]["message"], f"It was reported: {case.name}")

    def test_an_inspector_holds_where_the_goods_are(self):
        picking = self._receive(lots=["L1"])
        report = self._open_report(picking, self.inspector)
        self.assertTrue(report.hold_goods)
        case = self._report(report)
        lot = picking.move_line_ids.lot_id
        nothing = self.env["stock.package"]
        self.assertEqual(
            self._held_by(case), [(self.product, lot, self.stock, nothing)]
        )
        hold = self.env["qms.hold"].search([("lot_id", "=", lot.id)])
        self.assertEqual((hold.status_id, hold.reason), (self.on_hold, case.subject))

    def test_what_is_still_to_come_is_reported_without_a_lot(self):
        picking = self._picking("incoming", 7)
        picking.action_confirm()
        picking.move_line_ids.unlink()
        report = self._open_report(picking, self.inspector)
        self.assertEqual(report.line_ids.quantity, 7)
        report.subject = "The driver says it is warm"
        with self.assertRaises(UserError) as error:
            report.action_report()
        self.assertEqual(
            str(error.exception),
            "Milk can't be held: give its lot (its place, if it isn't tracked), or"
            " don't hold it.",
        )
        report.hold_goods = False
        self.assertEqual(self._report(report, "Warm").picking_id, picking)

    def test_a_case_for_each_product(self):
        picking = self._picking("incoming", 3)
        picking.move_ids.copy(
            {"product_id": self.untracked.id, "picking_id": picking.id}
        )
        picking.action_confirm()
        picking.move_line_ids.unlink()
        report = self._open_report(picking, self.clerk)
        cases = self._report(report)
        self.assertEqual(cases.product_id, self.product | self.untracked)
        first, second = cases
        self.assertEqual((first.related_ids, second.related_ids), (second, first))

    def test_a_delivery_is_about_the_lot_and_its_customer(self):
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        picking = self._deliver(lot)
        report = self._open_report(picking, self.inspector)
        self.assertEqual(report.type, "customer")
        case = self._report(report)
        self.assertEqual((case.partner_id, case.lot_ids), (self.partner, lot))
        nothing = self.env["stock.location"], self.env["stock.package"]
        self.assertEqual(self._held_by(case), [(self.product, lot, *nothing)])

    # -- From lots and stock -----------------------------------------------------------

    def test_from_lots_and_from_stock(self):
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        shelf = self._stock_up(4, lot, self.shelf)
        whole = self._report(self._open_report(lot, self.inspector))
        self.assertEqual(whole.quantity, 14)
        self.assertFalse(self._held_by(whole)[0][2])
        part = self._report(self._open_report(shelf, self.inspector))
        self.assertEqual(part.quantity, 4)
        self.assertEqual(self._held_by(part)[0][2], self.shelf)
        self.assertEqual(lot.with_user(self.clerk).qms_nonconformance_count, 2)
        self.assertEqual(shelf.with_user(self.clerk).qms_nonconformance_count, 2)

    def test_untracked_stock_and_packages(self):
        quant = self._stock_up(5, product=self.untracked)
        case = self._report(self._open_report(quant, self.inspector))
        self.assertEqual(
            self._held_by(case),
            [
                (
                    self.untracked,
                    self.env["stock.lot"],
                    self.stock,
                    self.env["stock.package"],
                )
            ],
        )
        package = self.env["stock.package"].create({"name": "BOX"})
        lot = self._make_lot("L1")
        packed = self._stock_up(5, lot, package=package)
        case = self._report(self._open_report(packed, self.inspector))
        nowhere = self.env["stock.location"]
        self.assertEqual(self._held_by(case), [(self.product, lot, nowhere, package)])

    def test_serial_numbers(self):
        serial = self._make_product("Tank", tracking="serial")
        picking = self._receive(product=serial, lots=["S1", "S2", "S3"])
        case = self._report(
            self._open_report(picking.move_line_ids.lot_id, self.inspector)
        )
        self.assertEqual((len(case.lot_ids), case.quantity), (3, 3))
        self.assertEqual(len(self._held_by(case)), 3)

    # -- From orders -------------------------------------------------------------------

    def test_a_buyer_reports_what_he_bought(self):
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "product_qty": 8})
                ],
            }
        )
        purchase.button_confirm()
        purchase.picking_ids.move_line_ids.lot_name = "B1"
        purchase.picking_ids.button_validate()
        case = self._report(self._open_report(purchase, self.buyer))
        self.assertRecordValues(
            case,
            [
                {
                    "type": "supplier",
                    "purchase_id": purchase.id,
                    "partner_id": self.partner.id,
                    "product_id": self.product.id,
                    "quantity": 8,
                    "create_uid": self.buyer.id,
                }
            ],
        )
        self.assertEqual(case.lot_ids.name, "B1")
        self.assertEqual(purchase.with_user(self.buyer).qms_nonconformance_count, 1)
        # the receipt knows its purchase order
        receipt = self._open_report(purchase.picking_ids, self.inspector)
        self.assertEqual(receipt.purchase_id, purchase)
        form = purchase.with_user(self.buyer).get_view()["arch"]
        self.assertIn("action_open_nonconformances", form)

    def test_a_seller_reports_what_his_customer_says(self):
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "user_id": self.seller.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": 3}
                    )
                ],
            }
        )
        sale.action_confirm()
        sale.picking_ids.button_validate()
        self.assertEqual(sale.picking_ids.state, "done")
        case = self._report(self._open_report(sale, self.seller), "Sour")
        self.assertRecordValues(
            case,
            [
                {
                    "type": "customer",
                    "sale_id": sale.id,
                    "partner_id": self.partner.id,
                    "product_id": self.product.id,
                    "quantity": 3,
                }
            ],
        )
        self.assertEqual(case.lot_ids, lot)
        self.assertFalse(self._held_by(case))
        self.assertEqual(sale.with_user(self.seller).qms_nonconformance_count, 1)
        # others' orders are none of his business
        other = self._make_user("qms_other", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self._open_report(sale, other)

    def test_an_operator_reports_from_production(self):
        cup = self._make_product("Cup", tracking="none")
        self._stock_up(20, product=cup)
        vat = self.env["mrp.workcenter"].create({"name": "Vat"})
        yoghurt = self._make_product("Yoghurt")
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": yoghurt.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": cup.id, "product_qty": 2})
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
        workorder = production.workorder_ids
        case = self._report(self._open_report(workorder, self.operator), "Lids leak")
        self.assertRecordValues(
            case,
            [
                {
                    "type": "production",
                    "production_id": production.id,
                    "workorder_id": workorder.id,
                    "workcenter_id": vat.id,
                    "product_id": yoghurt.id,
                    "quantity": 3,
                }
            ],
        )
        for record in (production, workorder):
            self.assertEqual(
                record.with_user(self.operator).qms_nonconformance_count, 1
            )
        production.qty_producing = 3
        production.lot_producing_ids = self._make_lot("Y1", yoghurt)
        production.with_context(skip_consumption=True).button_mark_done()
        self.assertEqual(production.state, "done")
        report = self._open_report(production, self.operator)
        self.assertEqual(report.line_ids.lot_id.name, "Y1")
        self.assertEqual(report.line_ids.location_id, self.stock)

    # -- From nothing ------------------------------------------------------------------

    def test_from_nothing(self):
        team = self.env["qms.quality.team"].create(
            {"name": "Anything", "user_id": self.manager.id}
        )
        form = Form(self.reports.with_user(self.seller))
        form.subject = "The fax is broken"
        case = self._report(form.save(), "The fax is broken")
        self.assertFalse(case.product_id or case.lot_ids)
        self.assertEqual((case.type, case.team_id), ("internal", team))
        # the team's responsible is told
        self.assertIn(self.manager.partner_id, case.message_partner_ids)

    def test_photos_go_with_the_case(self):
        report = self._open_report(self._receive(lots=["L1"]), self.clerk)
        photo = self.env["ir.attachment"].with_user(self.clerk)
        photo = photo.create({"name": "can.png", "datas": PIXEL})
        report.attachment_ids = photo
        case = self._report(report)
        self.assertEqual((photo.res_model, photo.res_id), (case._name, case.id))
        self.assertEqual(case.message_ids[0].attachment_ids, photo)
        photo.with_user(self.inspector).check_access("read")

    # -- Hold because of a case --------------------------------------------------------

    def test_an_inspector_holds_what_a_clerk_reported(self):
        picking = self._receive(lots=["L1"])
        case = self._report(self._open_report(picking, self.clerk))
        with self.assertRaises(AccessError):
            case.with_user(self.clerk).action_hold_goods()
        action = case.with_user(self.inspector).action_hold_goods()
        wizard = self.env["qms.hold.wizard"].with_user(self.inspector)
        wizard = wizard.browse(action["res_id"])
        with Form(wizard) as form:
            form.reason_id = self.env.ref("qms_quality.reason_place_damaged")
        wizard.action_place()
        hold = self.env["qms.hold"]._search_open(case._name, case.ids)
        self.assertEqual((hold.lot_id, hold.reason), (case.lot_ids, "Damaged"))
        # what it holds already isn't held twice
        with self.assertRaises(UserError) as error:
            case.with_user(self.inspector).action_hold_goods()
        self.assertEqual(
            str(error.exception),
            f"{case.name} names no goods that could be held. Give its lots, or its"
            " product.",
        )

    def test_a_closed_case_holds_nothing(self):
        """What a program writes into the dialog is no right."""
        lot = self._make_lot("L1")
        case = self.Case.create({"subject": "Dented"})
        case.with_user(self.manager).action_cancel("It was a mistake")
        action = lot.with_user(self.inspector).action_qms_hold()
        wizard = self.env["qms.hold.wizard"].with_user(self.inspector)
        wizard = wizard.browse(action["res_id"])
        wizard.reason_id = self.env.ref("qms_quality.reason_place_damaged")
        wizard.nonconformance_id = case
        with self.assertRaises(UserError) as error:
            wizard.action_place()
        self.assertEqual(
            str(error.exception),
            f"{case.name}: closed or cancelled. It holds no goods any more.",
        )

    def test_untracked_goods_are_held_place_by_place(self):
        self._stock_up(5, product=self.untracked)
        self._stock_up(2, product=self.untracked, location=self.shelf)
        case = self.Case.create({"subject": "Wet", "product_id": self.untracked.id})
        action = case.with_user(self.inspector).action_hold_goods()
        wizard = self.env["qms.hold.wizard"].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.location_id, self.stock | self.shelf)

    # -- Who may report what -----------------------------------------------------------

    def test_who_may_report(self):
        lot = self._make_lot("L1")
        with self.assertRaises(AccessError) as error:
            self.reports.with_user(self.colleague).sudo()._open([])
        self.assertEqual(
            str(error.exception),
            "You may not report nonconformances. Tell someone who works in"
            " Inventory, Manufacturing, Purchase, Sales or Quality.",
        )
        with self.assertRaises(AccessError):
            self.reports.with_user(self.colleague).create({"subject": "x"})
        report = self._open_report(lot, self.clerk)
        report.hold_goods = True
        case = self._report(report)
        self.assertFalse(self._held_by(case) or case.hold_goods)

    def test_nobody_reports_what_he_may_not_see(self):
        other = self.env["res.company"].create({"name": "Other dairy"})
        foreign = self.env["stock.lot"].create(
            {"name": "X", "product_id": self.product.id, "company_id": other.id}
        )
        reports = self.reports.with_user(self.clerk)
        goods = {"product_id": self.product.id, "lot_id": foreign.id}
        for vals in (
            {"line_ids": [Command.create(goods)]},
            {"company_id": other.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                reports.create({"subject": "x", **vals}).action_report()

    def test_nobody_shows_others_a_file_by_its_id(self):
        files = self.env["ir.attachment"]
        secret = files.create({"name": "wages.txt", "raw": b"secret"})
        report = self.reports.with_user(self.clerk).create({"subject": "x"})
        report.sudo().attachment_ids = secret
        case = self._report(report)
        self.assertFalse(case.message_ids.attachment_ids)
        self.assertFalse(secret.res_model)
        # nor takes it away from where it belongs
        own = {"res_model": "res.partner", "res_id": self.partner.id}
        shown = files.create({"name": "map.txt", "raw": b"map", **own})
        report = self.reports.with_user(self.clerk).create(
            {"subject": "x", "attachment_ids": [Command.link(shown.id)]}
        )
        with self.assertRaises(AccessError) as error:
            report.action_report()
        self.assertEqual(
            str(error.exception), "You can add only files that you upload yourself."
        )

    def test_a_report_is_its_makers_own(self):
        report = self._open_report(self._make_lot("L1"), self.clerk)
        for record in (report, report.line_ids):
            theirs = record.with_user(self.operator)
            self.assertFalse(theirs.search([("id", "in", record.ids)]))
            with self.assertRaises(AccessError):
                theirs.read(["company_id"])
        with self.assertRaises(AccessError):
            report.with_user(self.operator).action_report()

    def test_what_is_missing(self):
        report = self._open_report(self._make_lot("L1"), self.clerk)
        report.subject = "  "
        with self.assertRaises(UserError) as error:
            report.action_report()
        self.assertEqual(str(error.exception), "Say in a few words what is wrong.")
        report.subject = "x"
        report.line_ids.product_id = self.untracked
        with self.assertRaises(UserError) as error:
            report.action_report()
        self.assertEqual(str(error.exception), "L1: not of the product Salt.")

    # -- As many queries for many ------------------------------------------------------

    def test_reporting_many_lots_costs_no_query_for_each(self):
        def count(number, prefix):
            lots = self.env["stock.lot"].create(
                [
                    {"name": f"{prefix}{one}", "product_id": self.product.id}
                    for one in range(number)
                ]
            )
            report = self._open_report(lots, self.clerk)
            report.subject = "Dented"
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            report.action_report()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2, "A")
        few, many = count(2, "B"), count(40, "C")
        self.assertLessEqual(many, few + 2)

    def test_counts_cost_one_query_for_all(self):
        pickings = self.env["stock.picking"]
        for number in range(6):
            pickings |= self._receive(lots=[f"L{number}"])
        pickings = pickings.with_user(self.clerk)
        pickings[0].read(["qms_nonconformance_count"])
        self.env.invalidate_all()
        pickings.read(["name"])
        with self.assertQueryCount(1):
            pickings.mapped("qms_nonconformance_count")
