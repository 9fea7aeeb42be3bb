from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_dairy import DairyCase


@tagged("post_install", "-at_install")
class TestBatchRecord(DairyCase):
    """All of a lot on one page, on paper and for programs."""

    def _sections(self, lot, user=None):
        trace = self.trace.with_user(user or self.inspector)
        record = trace.get_batch_record(lot.id)
        return record, {section["name"]: section for section in record["sections"]}

    def _column(self, section, number):
        return [row[number] for row in section["rows"]]

    def test_record(self):
        self._hold(lot=self.curd_1, reason="Ask the laboratory")
        case = self.env["qms.nonconformance"].create(
            {
                "subject": "Too sour",
                "product_id": self.curd.id,
                "lot_ids": [(4, self.curd_1.id)],
            }
        )
        record, sections = self._sections(self.curd_1)
        self.assertEqual(
            (record["lot"], record["product"], record["quantity"], record["status"]),
            ("K-1", "Curd", 4.0, "On hold"),
        )
        self.assertEqual(
            [row[:4] for row in sections["ingredients"]["rows"]],
            [
                ["Milk", "M-1", "6 Units", "K-1"],
                ["Milk", "M-2", "2 Units", "K-1"],
                ["Salt", "not known", "1 Units", "K-1"],
            ],
        )
        self.assertIn("Green Farm", sections["ingredients"]["rows"][0][6])
        self.assertEqual(
            self._column(sections["work"], 0), [self.curd_order.name], "no operations"
        )
        self.assertEqual(
            self._column(sections["holds"], 2),
            ["Too sour", "Ask the laboratory"],
            "a case holds its goods, too",
        )
        self.assertEqual(
            self._column(sections["nonconformances"], 0), [case.display_name]
        )
        self.assertEqual(set(self._column(sections["uses"], 1)), {"C-1", "C-2"})
        self.assertEqual(self._column(sections["deliveries"], 0), ["Corner Shop"])
        self.assertNotIn("stock", sections, "all of it was used")

    def test_work(self):
        """Where, by whom, when and with what it was made."""
        shifts = [
            {"name": "Early", "dayofweek": str(day), "hour_from": 0, "hour_to": 24}
            for day in range(7)
        ]
        calendar = self.env["resource.calendar"].create(
            {"name": "Vats", "tz": "UTC", "attendance_ids": [(5, 0, 0)]}
        )
        calendar.attendance_ids = [(0, 0, vals) for vals in shifts]
        center = self.env["mrp.workcenter"].create(
            {"name": "Vat 2", "resource_calendar_id": calendar.id}
        )
        machines = [
            {"name": "Stirrer", "effective_date": "2020-01-01", "active": False},
            {"name": "Curd Knife", "effective_date": "2020-01-01"},
            {"name": "Not Yet There", "effective_date": "2999-01-01"},
        ]
        self.env["maintenance.equipment"].create(
            [{**vals, "qms_workcenter_id": center.id} for vals in machines]
        )
        order = self._start(self.curd, 1, [(self.milk_1, 1)])
        work = self.env["mrp.workorder"].create(
            {"name": "Curdle", "production_id": order.id, "workcenter_id": center.id}
        )
        work.with_user(self.worker).button_start()
        work.with_user(self.worker).button_finish()
        lot = self._make_lot("K-2", self.curd)
        self._finish(order, lot)
        rows = self._sections(lot)[1]["work"]["rows"]
        self.assertEqual(
            [tuple(row[:5]) for row in rows],
            [(order.name, "Curdle", "Vat 2", "Stirrer, Curd Knife", self.worker.name)],
        )
        self.assertEqual(rows[0][7], "Early")

    def test_paper_and_screen(self):
        action = self.curd_1.with_user(self.inspector).action_qms_batch_record()
        self.assertEqual(action["report_type"], "qweb-html")
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.inspector)
            ._render_qweb_html(action["report_name"], self.curd_1.ids)
        )
        for part in ("Batch Record", "M-2", "Green Farm", "Corner Shop", "not known"):
            self.assertIn(part, html.decode())

    def test_chain_of_a_serial(self):
        """What a customer reads out leads to components and tests."""
        serial = self._make_lot("SN-77", self.device)
        self._make(1, [serial], [(self.cheese_2, 2)])
        serial.sudo().qms_batch = "B-9"
        record = self.trace.get_serial_chain(" SN-77 ")
        self.assertEqual((record["lot"], record["batch"]), ("SN-77", "B-9"))
        ingredients = record["sections"][0]
        self.assertEqual(
            self._column(ingredients, 1), ["C-2", "K-1", "M-1", "M-2", "not known"]
        )
        with self.assertRaises(UserError) as caught:
            self.trace.get_serial_chain("SN-78")
        self.assertEqual(
            str(caught.exception),
            "No lot or serial number SN-78 is known. Read it from the goods again.",
        )
        self._make_lot("SN-77", self.product)
        with self.assertRaises(UserError) as caught:
            self.trace.get_serial_chain("SN-77")
        self.assertIn("is a number of several products: ", str(caught.exception))
        record = self.trace.get_serial_chain("SN-77", self.device.id)
        self.assertEqual(record["lot_id"], serial.id)

    def test_rights(self):
        stranger = self._make_user("qms_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self._sections(self.curd_1, stranger)
        with self.assertRaises(AccessError):
            self.curd_1.with_user(stranger).action_qms_batch_record()
        record, sections = self._sections(self.curd_1, self.clerk)
        self.assertIn("ingredients", sections)
        self.assertNotIn("nonconformances", sections, "a clerk reads no cases")
