import io
import zipfile
from ast import literal_eval
from datetime import datetime, timedelta
from xml.etree import ElementTree

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.qms_quality.tests.common import STOCK_USER

from .common_look_ahead import LookAheadCase

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_sheet(content):
    """Return the cells of an Excel file: a list of rows."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        texts = []
        if "xl/sharedStrings.xml" in file.namelist():
            shared = ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
            texts = ["".join(one.itertext()) for one in shared]
        sheet = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
    return [
        {cell.get("r").rstrip("0123456789"): _read_cell(cell, texts) for cell in row}
        for row in sheet.iter(f"{SHEET}row")
    ]


def _read_cell(cell, texts):
    if cell.find(f"{SHEET}f") is not None:
        raise AssertionError("a formula")
    value = cell.findtext(f"{SHEET}v")
    if cell.get("t") == "s":
        return texts[int(value)]
    if cell.get("t") == "inlineStr":
        return "".join(cell.find(f"{SHEET}is").itertext())
    return float(value)


@tagged("post_install", "-at_install")
class TestExpiryReport(LookAheadCase):
    """What expires when, where and worth what, as warehouse users see it."""

    def test_rows(self):
        """Day, value and status of each piece of stock; nothing without a lot."""
        soon = self._make_dated_lot("SOON", 2, quantity=10)
        gone = self._make_dated_lot("GONE", -1, quantity=3, location=self.shelf)
        today = self._make_dated_lot("TODAY", 0, quantity=1)
        late = self._make_dated_lot("LATE", 90, quantity=5)
        bare = self.env["stock.lot"].create(
            {"name": "BARE", "product_id": self.milk.id, "expiration_date": False}
        )
        bare.expiration_date = False
        self._stock_up(4, bare)
        late.qms_sell_by_date = self.today - timedelta(days=1)
        rows = self._rows(soon, gone, today, late, bare)
        self.assertEqual(
            [
                (
                    row.lot_id.name,
                    row.location_id,
                    row.days_left,
                    row.quantity,
                    row.value,
                    row.status,
                )
                for row in rows
            ],
            [
                ("GONE", self.shelf, -1, 3, 6, "expired"),
                ("TODAY", self.stock, 0, 1, 2, "good"),
                ("SOON", self.stock, 2, 10, 20, "good"),
                ("LATE", self.stock, 90, 5, 10, "past_sell_by"),
                ("BARE", self.stock, 0, 4, 8, "undated"),
            ],
        )
        self.assertEqual(rows[2].expiry_day, self.today + timedelta(days=2))
        self.assertEqual(rows.warehouse_id, self.warehouse)

    def test_calendar_of_the_warehouse(self):
        """Half past eleven in the night is another day further west."""
        lot = self._make_dated_lot("NIGHT", 5, quantity=1)
        lot.expiration_date = datetime(2031, 3, 10, 4, 30)
        for zone, day in (
            ("Pacific/Auckland", "2031-03-10"),
            ("UTC", "2031-03-10"),
            ("America/New_York", "2031-03-10"),
            ("America/Los_Angeles", "2031-03-09"),
        ):
            self.warehouse.partner_id = self.env["res.partner"].create(
                {"name": zone, "tz": zone}
            )
            row = self._rows(lot)
            self.assertEqual(fields.Date.to_string(row.expiry_day), day, zone)
            today = self.warehouse._qms_get_day()
            self.assertEqual(row.days_left, (row.expiry_day - today).days, zone)

    def test_value(self):
        """Lots that are valued by themselves at their cost; those of others at none."""
        self.milk.lot_valuated = True
        lot = self._make_dated_lot("DEAR", 5, quantity=4)
        lot.standard_price = 7
        owner = self.env["res.partner"].create({"name": "Owner"})
        self.env["stock.quant"]._update_available_quantity(
            self.milk, self.stock, 2, lot_id=lot, owner_id=owner
        )
        rows = self._rows(lot)
        self.assertEqual(
            sorted((row.owner_id.name or "", row.value) for row in rows),
            [("", 28), ("Owner", 0)],
        )
        quant = self.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("owner_id", "=", False)]
        )
        self.assertEqual(quant.value, 28)

    def test_units_are_not_mixed(self):
        """Bottles and kilograms are not added up; their values are."""
        cheese = self._make_product(
            "Cheese",
            uom_id=self.env.ref("uom.product_uom_kgm").id,
            use_expiration_date=True,
            expiration_time=30,
            standard_price=5,
        )
        bottle = self._make_dated_lot("BOTTLE", 5, quantity=10)
        wheel = self._make_dated_lot("WHEEL", 5, cheese, quantity=8)
        domain = [("lot_id", "in", (bottle | wheel).ids)]
        report = self.report.with_user(self.clerk)
        measures = ["quantity:sum", "value:sum"]
        self.assertEqual(report._read_group(domain, [], measures), [(False, 60)])
        self.assertCountEqual(
            report._read_group(domain, ["product_id"], measures),
            [(cheese, 8, 40), (self.milk, 10, 20)],
        )

    def test_filters(self):
        """Each filter of the screen finds what its name says."""
        lots = {
            days: self._make_dated_lot(f"IN {days}", days, quantity=1)
            for days in (-1, 0, 40, 61)
        }
        by_lot = {lot: days for days, lot in lots.items()}
        arch = ElementTree.fromstring(self.report.get_view(view_type="search")["arch"])
        domains = {
            node.get("name"): node.get("domain")
            for node in arch.iter("filter")
            if node.get("domain")
        }
        found = {
            name: {
                by_lot[row.lot_id.with_env(self.env)]
                for row in self._rows(*by_lot).filtered_domain(
                    [("id", "in", self.report.search(literal_eval(domain)).ids)]
                )
            }
            for name, domain in domains.items()
        }
        self.assertEqual(found["expired"], {-1})
        self.assertEqual(found["within_60_days"], {-1, 0, 40})
        self.assertEqual(found["this_week"], {0})
        self.assertEqual(found["this_month"], {0})
        self.assertEqual(found["undated"], set())
        self.assertEqual(found["at_risk"], set())

    def test_screens(self):
        """The report opens from the menu, from a product and from a lot."""
        lot = self._make_dated_lot("OPEN", 5, quantity=1)
        self._make_dated_lot("OTHER", 5, self._make_other(), quantity=1)
        for record in (lot, self.milk, self.milk.product_tmpl_id):
            action = record.with_user(self.clerk).action_qms_open_expiry()
            rows = self.report.with_user(self.clerk).search(action["domain"])
            self.assertEqual(rows.lot_id.name, "OPEN", record)
        action = self._rows(lot).action_open_lot()
        self.assertEqual((action["res_model"], action["res_id"]), ("stock.lot", lot.id))

    def _make_other(self):
        return self._make_product("Yoghurt", use_expiration_date=True)

    def test_two_companies(self):
        """Nobody sees the stock of a company that isn't his."""
        company = self.env["res.company"].create({"name": "Other Dairy"})
        stranger = new_test_user(
            self.env,
            "qms_stranger",
            groups=f"base.group_user,{STOCK_USER}",
            context={"no_reset_password": True},
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        lot = self._make_dated_lot("OURS", 2, quantity=5)
        self._risk(lot)
        self.assertTrue(self._rows(lot))
        self.assertFalse(self._rows(lot, user=stranger))
        forecast = self.forecasts.search([("product_id", "=", self.milk.id)])
        self.assertTrue(forecast.with_user(self.clerk).search([]) & forecast)
        self.assertFalse(forecast.with_user(stranger).search([]) & forecast)
        with self.assertRaises(AccessError):
            self._rows(lot).with_user(stranger).mapped("quantity")

    def test_rights(self):
        colleague = self._make_user("qms_colleague", "base.group_user")
        lot = self._make_dated_lot("SECRET", 2, quantity=5)
        for user in (self.clerk, self.inspector, self.manager, self.keeper):
            self.assertTrue(self._rows(lot, user=user), user.login)
        with self.assertRaises(AccessError):
            self._rows(lot, user=colleague)
        with self.assertRaises(AccessError):
            self.report.with_user(colleague).action_compute()
        with self.assertRaises(AccessError):
            self.env["qms.expiry.print"].with_user(colleague).create({})

    def test_queries(self):
        """Reading many rows takes as many queries as reading one."""
        lots = [self._make_dated_lot(f"Q{n}", n, quantity=1) for n in range(12)]
        counts = []
        for some in (lots[:2], lots):
            rows = self._rows(*some)
            before = self.env.cr.sql_log_count
            rows.web_read(
                {
                    "product_id": {"fields": {"display_name": {}}},
                    "lot_id": {"fields": {"display_name": {}}},
                    "location_id": {"fields": {"display_name": {}}},
                    "quantity": {},
                    "value": {},
                    "at_risk_value": {},
                    "status": {},
                }
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # -- On paper and as a file --------------------------------------------------------

    def test_excel(self):
        """Excel shows what the list shows; a lot named as a formula stays a text."""
        first = self._make_dated_lot("=1+1", 1, quantity=1500.5)
        second = self._make_dated_lot("B", 40, quantity=2)
        chosen = self._rows(first, second)
        action = chosen.action_export()
        self.assertEqual(action["type"], "ir.actions.act_url")
        choice = self._get_choice(action["url"])
        table = read_sheet(choice._get_file())
        head = table[0]
        columns = {label: letter for letter, label in head.items()}
        self.assertEqual(len(table), 3)
        shown = [
            [
                row.get(columns[label])
                for label in (
                    "Lot/Serial Number",
                    "Quantity",
                    "Unit",
                    "Value",
                    "Expires on",
                    "Days Left",
                    "Status",
                )
            ]
            for row in table[1:]
        ]
        epoch = datetime(1899, 12, 30).date()
        self.assertEqual(
            shown,
            [
                ["=1+1", 1500.5, "Units", 3001, self._serial(1, epoch), 1, "Good"],
                ["B", 2, "Units", 4, self._serial(40, epoch), 40, "Good"],
            ],
        )

    def _serial(self, days, epoch):
        return (self.today + timedelta(days=days) - epoch).days

    def _get_choice(self, url):
        choice = int(url.rsplit("/", 1)[1])
        return self.env["qms.expiry.print"].with_user(self.clerk).browse(choice)

    def test_without_choice_all_of_the_list(self):
        """Without ticks, the buttons print what the list's filters show."""
        first = self._make_dated_lot("LISTED", 1, quantity=1)
        self._make_dated_lot("HIDDEN", 40, quantity=1)
        report = self.report.with_user(self.clerk).with_context(
            active_model="qms.expiry.report",
            active_domain=[
                ["product_id", "=", self.milk.id],
                ["expiry_day", "<", "today +5d"],
            ],
        )
        choice = self._get_choice(report.action_export()["url"])
        self.assertEqual(choice._find().lot_id, first.with_user(self.clerk))
        action = report.action_print()
        self.assertEqual(
            (action["report_name"], action["report_type"]),
            ("qms_shelf_life.report_expiry", "qweb-pdf"),
        )

    def test_nothing_to_print(self):
        report = self.report.with_user(self.clerk).with_context(
            active_model="qms.expiry.report", active_domain=[["id", "=", 0]]
        )
        for action in (report.action_print, report.action_export):
            with self.assertRaisesRegex(UserError, "There is no stock to print"):
                action()
        for domain in ([["nothing", "=", 1]], "x", [["id", "like"]], {"a": 1}, 5):
            with self.assertRaises(ValidationError):
                self.env["qms.expiry.print"].with_user(self.clerk).create(
                    {"domain": domain}
                )

    def test_paper(self):
        """What is printed says what, when, where and what it is worth."""
        lot = self._make_dated_lot("PAPER", 3, quantity=12)
        choice = (
            self.env["qms.expiry.print"]
            .with_user(self.clerk)
            .create({"domain": [["lot_id", "=", lot.id]]})
        )
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.clerk)
            ._render_qweb_html("qms_shelf_life.report_expiry", choice.ids)
        )
        text = html.decode()
        for part in ("PAPER", "Fresh Milk", self.stock.display_name, "24.00", "Good"):
            self.assertIn(part, text)


@tagged("post_install", "-at_install", "qms_pdf")
class TestExpiryPdf(LookAheadCase):
    def test_pdf(self):
        """The report as PDF."""
        lot = self._make_dated_lot("PAPER", 3, quantity=12)
        choice = self.env["qms.expiry.print"].create(
            {"domain": [["lot_id", "=", lot.id]]}
        )
        content, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("qms_shelf_life.report_expiry", choice.ids)
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))


@tagged("post_install", "-at_install")
class TestExpiryDownload(LookAheadCase, HttpCase):
    def test_download(self):
        """A file is for who asked for it."""
        lot = self._make_dated_lot("FILE", 3, quantity=12)
        other = self._make_user("qms_other", STOCK_USER)
        for user in (self.clerk, other):
            user.password = user.login
        url = self._rows(lot).action_export()["url"]
        self.authenticate("qms_other", "qms_other")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("qms_clerk", "qms_clerk")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Expiration", answer.headers["Content-Disposition"])
        self.assertEqual(len(read_sheet(answer.content)), 2)
        self.assertEqual(self.url_open("/qms_shelf_life/expiry/0").status_code, 404)
