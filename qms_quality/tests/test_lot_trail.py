from lxml.html import fromstring

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import INSPECTOR, MANAGER, QmsCase
from .signing_case import COMPLIANCE, RELEASE, SigningCase


@tagged("post_install", "-at_install")
class TestLotTrail(QmsCase):
    """A lot's whole life on one page, for whoever may read the lot."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._make_lot("M1")
        cls._stock_up(10, cls.lot)
        cls.other = cls._make_lot("M2")
        cls.group = cls.env["qms.test.group"].create({"name": "Milk"})
        cls.test = cls.env["qms.test"].create(
            {"code": "LOOKS", "name": "Appearance", "test_type": "pass_fail"}
        )
        cls.group.line_ids = [(0, 0, {"test_id": cls.test.id})]
        cls.group.with_user(cls.manager).action_activate()

    def _open(self, user):
        action = self.lot.with_user(user).action_open_trail()
        self.env.cr.flush()
        return (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
        )

    def _live(self):
        """Hold, inspect, release and deliver the lot."""
        hold = self._hold(lot=self.lot, reason="Cold chain")
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        with Form(orders) as form:
            form.product_id = self.product
            form.lot_ids.add(self.lot)
            form.test_group_ids.add(self.group)
        order = form.record
        order.action_start()
        order.result_ids.outcome = "pass"
        order.action_validate()
        # what is made and changed at once is one entry
        self.env.cr.flush()
        self.lot.with_user(self.clerk).qms_batch = "Tank 7"
        hold._release("Fine after all")
        delivery = self._delivery(3, self.lot)
        delivery.button_validate()
        return hold, order, delivery

    def test_whole_life(self):
        hold, order, delivery = self._live()
        trail = self._open(self.clerk).search([])
        self.assertEqual(
            trail.sorted("date", reverse=True).mapped("id")[0], trail[0].id
        )
        kinds = set(trail.mapped("kind"))
        self.assertLessEqual({"hold", "order", "result", "move", "lot"}, kinds)
        reading = trail.filtered(lambda line: line.kind == "result")
        self.assertIn("Pass (Passed)", reading.mapped("new_value"))
        self.assertEqual(set(reading.user_id), set(self.inspector))
        changed = trail.filtered(lambda line: line.new_value == "Tank 7")
        self.assertEqual((changed.kind, changed.field_label), ("lot", "Batch"))
        self.assertEqual(changed.user_id, self.clerk)
        self.assertFalse(
            trail.filtered(lambda line: "M2" in (line.record_name or "")),
            "nothing of other lots",
        )
        move = trail.filtered(lambda line: line.kind == "move")
        self.assertEqual(
            (move.record_name, move.quantity, move.new_value),
            (delivery.name, 3.0, self.customer.complete_name),
        )
        self.assertEqual(move.action_open()["res_model"], "stock.picking")
        placed = trail.filtered(lambda line: line.res_id == hold.id)
        self.assertIn("Cold chain", placed.mapped("reason"))
        self.assertIn("Fine after all", placed.mapped("reason"))
        validated = trail.filtered(
            lambda line: (
                line.res_model == "qms.quality.order" and line.event == "validate"
            )
        )
        self.assertEqual(validated[:1].res_id, order.id)
        self.assertEqual(len(set(trail.ids)), len(trail))

    def test_compliance_officer(self):
        """From the menu to a lot, its trail and what that is about: all opens."""
        _hold, order, delivery = self._live()
        self.env.cr.flush()
        officer = self._make_user("qms_officer", COMPLIANCE)
        self.env.ref("base.group_user")._apply_group(
            self.env.ref("stock.group_production_lot")
        )
        menus = self.env["ir.ui.menu"].with_user(officer)._visible_menu_ids()
        self.assertIn(self.env.ref("qms_quality.menu_qms_stock_lot").id, menus)
        self.env.invalidate_all()
        self._read_screen(self.lot.with_user(officer), "form", "list", "kanban")
        why = self.lot.with_user(officer).action_qms_why()
        why = self.env[why["res_model"]].with_user(officer).browse(why["res_id"])
        self._read_screen(why, "form")
        lines = self._open(officer)
        trail = lines.search([])
        self.assertLessEqual({"hold", "order", "move"}, set(trail.mapped("kind")))
        self._read_screen(trail, "list")
        for record in (delivery, order):
            line = trail.filtered(lambda one, name=record.name: one.record_name == name)
            action = line[0].action_open()
            self.assertEqual(
                (action["res_model"], action["res_id"]), (record._name, record.id)
            )
        report = self.env["ir.actions.report"].with_user(officer)
        html, _kind = report._render_qweb_html(
            "qms_quality.report_lot_trail", self.lot.ids
        )
        self.assertIn(b"Cold chain", html)
        with self.assertRaises(AccessError):
            self.lot.with_user(officer).ref = "Forged"

    def _read_screen(self, records, *kinds):
        """Read what the web client reads for a screen of the records."""
        for kind in kinds:
            view = fromstring(records.get_view(view_type=kind)["arch"])
            names = view.xpath("//field[not(ancestor::field)]/@name")
            self.assertTrue(names)
            records.web_read({name: {"fields": {"display_name": {}}} for name in names})

    def test_groups_and_filters(self):
        self._live()
        trail = self._open(self.clerk)
        groups = dict(trail._read_group([], ["kind"], ["__count"]))
        self.assertEqual(groups["move"], 1)
        self.assertEqual(
            sum(groups.values()), trail.search_count([]), "every line has a kind"
        )
        self.assertEqual(trail.search([("kind", "=", "move")]).kind, "move")

    def test_nothing_without_a_lot(self):
        self._live()
        lines = self.env["qms.lot.trail"].with_user(self.clerk)
        self.assertFalse(lines.search([]))
        for forged in ("1", [self.lot.id], None, -1):
            self.assertFalse(lines.with_context(qms_lot_id=forged).search([]))

    def test_rights(self):
        """Who may not read lots, or not this one, sees nothing of it."""
        self._live()
        nobody = self._make_user("qms_nobody")
        with self.assertRaises(AccessError):
            self.lot.with_user(nobody).action_open_trail()
        with self.assertRaises(AccessError):
            self._open_as(nobody).search([])
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._make_user("qms_stranger", INSPECTOR)
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.lot.company_id = self.company
        self.assertFalse(self._open_as(stranger).search([]))
        self.lot.company_id = False
        self.assertNotIn("move", self._open_as(stranger).search([]).mapped("kind"))
        self.assertTrue(self._open_as(self.clerk).search([]))

    def _open_as(self, user):
        lines = self.env["qms.lot.trail"].with_user(user)
        return lines.with_context(
            qms_lot_id=self.lot.id, allowed_company_ids=user.company_ids.ids
        )

    def test_print(self):
        self._live()
        self.env.cr.flush()
        report = self.env["ir.actions.report"].with_user(self.clerk)
        html, _kind = report._render_qweb_html(
            "qms_quality.report_lot_trail", self.lot.ids
        )
        for text in (b"Cold chain", b"Fine after all", b"M1", b"Customers"):
            self.assertIn(text, html)


@tagged("post_install", "-at_install")
class TestLotTrailDecisions(SigningCase):
    """Signatures and approvals are part of a lot's life."""

    def test_decisions(self):
        self._rule()
        self.env["qms.approval.rule"].with_user(self.officer).create(
            {
                "name": "Four eyes",
                "guarded": RELEASE,
                "company_id": False,
                "step_ids": [
                    (0, 0, {"name": "Agree", "group_id": self.env.ref(MANAGER).id})
                ],
            }
        )
        order = self._ready_order()
        lot = order.lot_ids
        self._sign(order, self.inspector)
        hold = self._hold(lot=lot, reason="Doubt")
        hold.with_user(self.manager)._qms_guarded("release", reason="Fine")
        self.env.cr.flush()
        context = lot.with_user(self.clerk).action_open_trail()["context"]
        lines = self.env["qms.lot.trail"].with_user(self.clerk)
        trail = lines.with_context(**context).search([])
        signed = trail.filtered(lambda line: line.kind == "signature")
        self.assertEqual(
            (signed.user_id, signed.new_value, signed.record_name, signed.event_label),
            (self.inspector, "Reviewed", order.display_name, "Signed"),
        )
        self.assertIn("approval", trail.mapped("kind"))
        self._check_printed(lot, order)

    def _check_printed(self, lot, order):
        """The signature is on the print of the lot, and of the signed document."""
        export = (
            self.env["qms.audit.export"]
            .with_user(self.officer)
            .create({"scope": "records", "records": [[order._name, order.id]]})
        )
        self.officer.tz = "Europe/Berlin"
        signature = self._signatures(order)
        for name, record in (
            ("qms_quality.report_lot_trail", lot),
            ("qms_quality.report_audit_trail", export),
        ):
            report = self.env["ir.actions.report"].with_user(self.officer)
            page, _kind = report._render_qweb_html(name, record.ids)
            block = fromstring(page).xpath(
                "//div[contains(@class, 'o_qms_signatures')]"
            )
            self.assertEqual(len(block), 1, name)
            row = block[0].xpath(".//tbody/tr")
            self.assertEqual(len(row), 1)
            cells = [" ".join(cell.text_content().split()) for cell in row[0]]
            moment = signature.with_user(self.officer)._get_date_text()
            self.assertIn("(Europe/Berlin)", moment)
            self.assertEqual(
                cells,
                [
                    self.inspector.name,
                    moment,
                    "Reviewed",
                    signature.action_label,
                    "Valid",
                ],
            )
