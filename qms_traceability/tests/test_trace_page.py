import html
import io
import json
from datetime import datetime, timedelta

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..models.record.folding import Folding
from .common_dairy import DairyCase


@tagged("post_install", "-at_install")
class TestTracePage(DairyCase):
    """What the page gets from the server, and from where it is opened."""

    def _graph(self, record, **options):
        return self.trace.get_graph(record._name, record.ids, **options)

    def _names(self, graph):
        return {node["name"]: node["kind"] for node in graph["nodes"]}

    def test_vendors_left_customers_right(self):
        graph = self._graph(self.curd_1)
        self.assertEqual(
            {node["name"]: (node["kind"], node["level"]) for node in graph["nodes"]},
            {
                "Green Farm": ("supplier", -2),
                "M-1": ("lot", -1),
                "M-2": ("lot", -1),
                "Salt": ("product", -1),
                "K-1": ("lot", 0),
                "C-1": ("lot", 1),
                "C-2": ("lot", 1),
                "Corner Shop": ("customer", 2),
            },
        )
        self.assertEqual(graph["title"], "Genealogy of K-1")
        ids = [link["id"] for link in graph["links"]]
        self.assertEqual(len(ids), len(set(ids)))
        sold = next(
            link for link in graph["links"] if link["target"].startswith("customer")
        )
        self.assertEqual(
            (sold["quantity"], sold["document"]["name"], sold["kind_label"]),
            (1.0, self.delivery.name, "Delivery"),
        )

    def test_one_direction_and_one_moment(self):
        self.assertEqual(
            set(self._names(self._graph(self.curd_1, direction="backward"))),
            {"Green Farm", "M-1", "M-2", "Salt", "K-1"},
        )
        self.assertEqual(
            set(self._names(self._graph(self.curd_1, direction="forward"))),
            {"K-1", "C-1", "C-2", "Corner Shop"},
        )
        before = datetime.now() - timedelta(days=1)
        graph = self._graph(self.curd_1, date=before.strftime("%Y-%m-%d %H:%M:%S"))
        self.assertEqual(set(self._names(graph)), {"K-1"}, "nothing was linked yet")

    def test_rights(self):
        stranger = self._make_user("qms_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.milk_1.with_user(stranger).action_qms_trace()
        with self.assertRaises(AccessError):
            self.env["qms.trace"].with_user(stranger).get_graph(
                "stock.lot", self.milk_1.ids
            )
        with self.assertRaises(AccessError):
            self.env["qms.trace"].with_user(stranger).get_lot_details(self.milk_1.id)

    def test_wrong_questions(self):
        wanted = (
            "res.users has no genealogy: give a lot, a product, an order, a transfer, a"
            " package, a partner or a nonconformance, by its id."
        )
        for model, ids in (("res.users", [1]), ("no.such.model", [1])):
            with self.assertRaises(UserError) as caught:
                self.trace.get_graph(model, ids)
            self.assertEqual(str(caught.exception), wanted.replace("res.users", model))
        with self.assertRaises(UserError):
            self.trace.get_graph("stock.lot", "1; drop table")
        with self.assertRaises(UserError) as caught:
            self.trace.get_graph("stock.lot", [2**31 - 1])
        self.assertEqual(
            str(caught.exception),
            "This record is not there any more. Go back, and search.",
        )
        with self.assertRaises(UserError) as caught:
            self.trace.get_graph("stock.lot", self.milk_1.ids, direction="_get_reach")
        self.assertEqual(
            str(caught.exception),
            "'_get_reach' is no direction: say both, forward or backward.",
        )

    def test_too_much_is_folded(self):
        """Groups by product stand for what is too much, and open when asked."""
        graph = self._graph(self.milk_1, limit=4)
        groups = [node for node in graph["nodes"] if node["kind"] == "group"]
        self.assertEqual([group["count"] for group in groups], [2])
        self.assertTrue(groups[0]["name"].startswith("2 lots"))
        self.assertEqual(graph["grouped"], 2)
        bundle = [link for link in graph["links"] if link["target"] == groups[0]["id"]]
        self.assertEqual([link["quantity"] for link in bundle], [4.0], "added up")
        opened = self._graph(self.milk_1, limit=4, opened=[groups[0]["id"]])
        self.assertIn("C-2", self._names(opened))
        found = self._graph(self.milk_1, limit=4, find="c-2")
        self.assertIn("C-2", self._names(found))

    def test_details(self):
        self._hold(lot=self.cheese_1, reason="Smells")
        sections = {
            section["name"]: section
            for section in self.trace.get_lot_details(self.cheese_1.id)
        }
        self.assertEqual(sections["stock"]["lines"][0]["quantity"], 1.0)
        hold = sections["holds"]["lines"][0]
        self.assertEqual(hold["note"], "Smells")
        self.assertEqual(hold["document"]["model"], "qms.hold")


@tagged("post_install", "-at_install")
class TestTraceFiles(DairyCase, HttpCase):
    """The trace as a file, for those who may see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cheese_1.name = "=1+1"
        for user in cls.inspector | cls.clerk:
            user.password = user.login

    def _get(self, kind, record, user=None, **options):
        user = user or self.inspector
        self.authenticate(user.login, user.login)
        ids = ",".join(map(str, record.ids))
        options = "".join(f"&{name}={value}" for name, value in options.items())
        return self.url_open(
            f"/qms_traceability/trace/{kind}?model={record._name}&ids={ids}{options}"
        )

    def test_excel(self):
        answer = self._get("xlsx", self.curd_1)
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        sheets = {sheet.title: list(sheet.values) for sheet in book}
        self.assertEqual(
            list(sheets), ["Lots", "Links", "Receipts", "Deliveries", "Stock"]
        )
        lots = {row[2]: row for row in sheets["Lots"][1:]}
        self.assertEqual(set(lots), {None, "M-1", "M-2", "K-1", "=1+1", "C-2"})
        self.assertEqual(lots["M-1"][:6], (-1, "Milk", "M-1", 8, "Units", 0.75))
        self.assertEqual(len(sheets["Links"]), 1 + 5)
        self.assertEqual(sheets["Deliveries"][1][4], "Corner Shop")
        self.assertEqual([row[4] for row in sheets["Receipts"][1:]], ["Green Farm"] * 2)

    def test_paper(self):
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "qms_traceability.report_item_tracing", self.curd_1.ids
        )
        text = page.decode()
        for part in ("<svg", "Corner Shop", "Green Farm", "M-2", "75.0%", "C-2"):
            self.assertIn(part, text)

    def test_refused(self):
        other = self.env["res.company"].create({"name": "Other Dairy"})
        lot = self.env["stock.lot"].create(
            {
                "name": "SECRET",
                "product_id": self.product.id,
                "company_id": other.id,
            }
        )
        answer = self._get("xlsx", lot)
        self.assertEqual(answer.status_code, 403)
        self.assertNotIn("PK", answer.text[:4])
        self.assertNotIn("SECRET", answer.text)
        for refusal in (
            self._get("pdf", self.milk_1, direction="x"),
            self._get("pdf", self.milk_1, date="soon"),
            self._get("xlsx", self.env["res.users"]),
        ):
            self.assertEqual(refusal.status_code, 422)

    def test_server_without_wkhtmltopdf(self):
        """It says so, and what to do, where the button would show a traceback."""
        reports = type(self.env["ir.actions.report"])
        self.patch(reports, "get_wkhtmltopdf_state", lambda self: "install")
        answer = self._get("pdf", self.milk_1, user=self.clerk)
        self.assertEqual(answer.status_code, 422)
        error = json.loads(html.unescape(answer.text))["data"]
        self.assertEqual(error["name"], "odoo.exceptions.UserError")
        self.assertEqual(
            error["message"],
            "This server can't make PDF files: wkhtmltopdf is not installed there."
            " Take the Excel file, or ask your administrator.",
        )
        self.assertEqual(self._get("xlsx", self.milk_1).status_code, 200)


@tagged("post_install", "-at_install")
class TestFolding(DairyCase):
    """Large traces, without a database."""

    def _node(self, number, product=1, level=1):
        return {
            "id": f"lot-{number}",
            "kind": "lot",
            "product_id": product,
            "level": level,
            "name": f"L{number:05}",
        }

    def test_days_then_months_then_products(self):
        nodes = [self._node(number) for number in range(3000)]
        days = {
            f"lot-{number}": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"
            for number in range(3000)
        }
        for limit, most, step in (
            (2000, 2000, "day"),
            (50, 50, "month"),
            (5, 5, "product"),
        ):
            folding = Folding(nodes, days, limit)
            shown = 3000 - len(folding.group_by_node) + len(folding.groups)
            self.assertLessEqual(shown, most)
            self.assertEqual({group.split(":")[1] for group in folding.groups}, {step})

    def test_a_day_opens_in_runs(self):
        nodes = [self._node(number) for number in range(900)]
        days = {node["id"]: "2026-11-22" for node in nodes}
        opened = list(Folding(nodes, days, 5).groups)
        self.assertEqual(len(opened), 1)
        self.assertTrue(opened[0].startswith("group:day:after:lot:1:2026-11-22"))
        folding = Folding(nodes, days, 5, opened)
        self.assertEqual(
            sorted(map(len, folding.groups.values())), [100, 200, 200, 200, 200]
        )
        run = next(iter(folding.groups))
        self.assertEqual(len(Folding(nodes, days, 5, [*opened, run]).groups), 4)
