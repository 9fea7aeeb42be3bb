import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import INSPECTOR
from .common_day import DayCase
from .test_test_types import PNG


@tagged("post_install", "-at_install")
class TestBenchServer(DayCase):
    """What the page at the bench reads, what is scanned, and what is pasted."""

    def _cell(self, data, row, test):
        (column,) = [one for one in data["columns"] if one["name"] == test]
        return data["rows"][row]["cells"].get(str(column["test_id"]))

    def _test_id(self, order, name):
        return order.test_ids.filtered(lambda one: one.name == name).id

    # -- Grid --------------------------------------------------------------------------

    def test_an_order_with_several_readings(self):
        data = self._order().get_bench_data()
        self.assertEqual(
            [row["label"] for row in data["rows"]], ["Reading 1", "Reading 2"]
        )
        self.assertIsNone(self._cell(data, 1, "Weight"))
        self.assertIs(self._cell(data, 1, "Fat content")["value"], False)
        head = data["order"]
        self.assertEqual(
            (head["lots"], head["quantity"], head["missing"], head["verdict"]),
            ("L1", "10 Units", 4, False),
        )
        self.assertTrue(head["can_edit"])

    def test_every_type(self):
        order = self._order_of_all_kinds()
        self.assertEqual(order.get_bench_data()["order"]["missing"], 6)
        order.record_readings(
            [
                {"order": order.name, "test": "WEIG", "value": 0},
                {"order": order.name, "test": "COLO", "value": "White"},
                {"order": order.name, "test": "BORN", "value": "2026-11-22"},
                {"order": order.name, "test": "PHOT", "value": PNG},
            ]
        )
        data = order.get_bench_data()
        self.assertEqual(len(data["rows"]), 1)
        weight = self._cell(data, 0, "Weight")
        self.assertEqual((weight["value"], weight["verdict"]), (0.0, "failed"))
        self.assertIs(type(weight["value"]), float)
        self.assertEqual(weight["recorded_by"], self.inspector.name)
        white = self.tint.outcome_ids[0]
        self.assertEqual(self._cell(data, 0, "Colour")["value"], white.id)
        self.assertEqual(self._cell(data, 0, "Born")["value"], "2026-11-22")
        photo = self._cell(data, 0, "Photo")
        result = order.result_ids.filtered(lambda one: one.test_type == "picture")
        self.assertEqual(photo["picture_count"], 1)
        self.assertEqual(
            photo["picture_url"],
            f"/web/image/qms.quality.order.result/{result.id}/picture",
        )
        double = self._cell(data, 0, "Double")
        self.assertEqual((double["value"], double["readonly"]), (0.0, True))
        self.assertEqual(
            (data["order"]["missing"], data["order"]["verdict"]), (2, "failed")
        )
        (column,) = [one for one in data["columns"] if one["name"] == "Colour"]
        self.assertEqual(
            [(one["name"], one["passes"]) for one in column["outcomes"]],
            [("White", True), ("Grey", False)],
        )

    def test_serial_numbers_and_a_value_that_stands_for_readings(self):
        group = self._make_weight_group(reading_number=2, determination="average")
        order = self._order(group, product=self.serial, lots=["S1", "S2"])
        order.record_readings(
            [
                {"order": order.name, "test": "WEIG", "lot": "S2", "value": value}
                for value in (5, 6)
            ]
        )
        data = order.get_bench_data()
        self.assertEqual(
            [row["label"] for row in data["rows"]],
            [
                "S1, Reading 1",
                "S1, Reading 2",
                "S1, Result",
                "S2, Reading 1",
                "S2, Reading 2",
                "S2, Result",
            ],
        )
        result = self._cell(data, 5, "Weight")
        self.assertEqual((result["value"], result["readonly"]), (5.5, True))

    def test_who_may_see_and_edit(self):
        order = self._order()
        self.assertFalse(
            order.with_user(self.clerk).get_bench_data()["order"]["can_edit"]
        )
        nobody = self._make_user("qms_nobody")
        with self.assertRaises(AccessError):
            order.with_user(nobody).get_bench_data()
        self._fill(order)
        order.action_validate()
        head = order.get_bench_data()["order"]
        self.assertEqual((head["can_edit"], head["verdict"]), (False, "passed"))

    def test_queries_of_the_grid(self):
        plan = self._make_plan("fixed", quantity=5, reading_scope="unit")
        self._sample_by(plan)
        counts = []
        # the first one fills the server's own caches
        for place, quantity in enumerate((5, 5, 50)):
            plan.quantity = quantity
            order = self._receive_order(lots=[f"Q{place}"], quantity=100)
            order = order.with_user(self.inspector)
            self.assertEqual(len(order.result_ids), quantity)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.get_bench_data()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[1], 30)

    def test_instructions_with_a_picture_and_a_document(self):
        files = {"ladle.png": base64.b64decode(PNG), "sop-7.pdf": b"%PDF-1.4"}
        # as the form does: uploaded before the group is saved
        uploaded = self.env["ir.attachment"].with_user(self.manager)
        uploaded = uploaded.create(
            [
                {"name": name, "raw": raw, "res_model": "qms.test.group"}
                for name, raw in files.items()
            ]
        )
        groups = self.env["qms.test.group"].with_user(self.manager)
        group = groups.create(
            {
                "name": "Stirred milk",
                "instructions": "<p>Stir for two minutes</p>",
                "attachment_ids": uploaded.ids,
                "line_ids": [
                    (
                        0,
                        0,
                        {"test_id": self.weight.id, "instructions": "<p>Tare</p>"},
                    )
                ],
            }
        )
        group.action_activate()
        order = self._order(group)
        data = order.get_bench_data()
        (said,) = data["order"]["instructions"]
        self.assertEqual(
            (said["name"], said["html"]),
            ("Stirred milk", "<p>Stir for two minutes</p>"),
        )
        self.assertEqual(
            {one["name"]: one["mimetype"] for one in said["attachments"]},
            {"ladle.png": "image/png", "sop-7.pdf": "application/pdf"},
        )
        self.assertEqual(data["columns"][0]["instructions"], "<p>Tare</p>")
        self.env.invalidate_all()
        shown = uploaded.with_user(self.inspector).browse(
            [one["id"] for one in said["attachments"]]
        )
        self.assertEqual({one.name: one.raw for one in shown}, files)
        fields = {"instructions": {}, "attachment_ids": {"fields": {"name": {}}}}
        ((spec,),) = (
            one["spec_ids"] for one in order.web_read({"spec_ids": {"fields": fields}})
        )
        self.assertEqual(spec["instructions"], said["html"])
        self.assertEqual({one["name"] for one in spec["attachment_ids"]}, set(files))

    # -- Scan --------------------------------------------------------------------------

    def _scan(self, code):
        answer = self.orders.scan(code)
        return [order["name"] for order in answer["orders"]], answer["message"]

    def test_scan(self):
        self.product.barcode = "4006381333931"
        order = self._order(lots=["L-7"])
        for code in (
            "L-7",
            " L-7 ",
            order.name,
            "4006381333931",
            "0104006381333931" + "10L-7",
            "]C1" + "0104006381333931" + "10L-7",
            "10L-7",
            "(01)04006381333931(10)L-7",
        ):
            with self.subTest(code=code):
                self.assertEqual(self._scan(code), ([order.name], ""))
        # the lot of another product
        self.assertEqual(self._scan("(01)04006381333948(10)L-7")[0], [])

    def test_scan_of_nothing_says_what_to_do(self):
        self.assertEqual(
            self._scan("L-8"),
            (
                [],
                "No quality order for “L-8”. Scan the label again, type the name of the"
                " lot, or ask for a quality check of the goods.",
            ),
        )
        order = self._order(lots=["L-7"])
        self._fill(order)
        order.action_validate()
        self.assertEqual(
            self._scan("L-7")[1],
            f"No open quality order for “L-7”. The last one is {order.name}"
            " (Validated). A quality manager can reopen it, or make another one.",
        )

    def test_scan_sees_one_company_and_takes_no_rubbish(self):
        order = self._order(lots=["L-7"])
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._make_user("qms_stranger", INSPECTOR)
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.orders = self.orders.with_user(stranger)
        self.assertEqual(self._scan("L-7")[0], [])
        self.assertEqual(self._scan(order.name)[0], [])
        for code in ("", "  ", None, 7, ["L-7"], "L\0", "\ud800"):
            with self.subTest(code=code), self.assertRaises(UserError):
                self.orders.scan(code)
        for code in ("10", "01", "(01)(10)", "(01)٤(10)", "]C1", "%", "1013" * 50):
            with self.subTest(code=code):
                self.assertEqual(self._scan(code)[0], [])

    # -- Paste -------------------------------------------------------------------------

    def _paste(self, order, test, key, text):
        return order.parse_pasted(self._test_id(order, test), key, text)

    def test_paste_a_column(self):
        order = self._order()
        pasted = self._paste(order, "Fat content", "1-1", "3.6\r\n3.7\r\n")
        fat = order.result_ids.filtered(lambda one: one.test_id == self.fat)
        self.assertEqual(
            [(row["reading"], row["value"]) for row in pasted["rows"]],
            [(fat[0].id, "3.6"), (fat[1].id, "3.7")],
        )
        order.record_readings(pasted["rows"])
        self.assertEqual(fat.mapped("value"), [3.6, 3.7])

    def test_paste_a_block_with_gaps(self):
        order = self._order()
        pasted = self._paste(order, "Weight", "1-1", "5\t3.6\tpass\n\t3.7")
        order.record_readings(pasted["rows"])
        self.assertEqual(
            self._values(order),
            {
                "Weight": "5.00 kg",
                "Fat content #1": "3.60",
                "Fat content #2": "3.70",
                "Taste": "Pass",
            },
        )
        self.assertEqual(
            self._paste(order, "Weight", "1-1", "\n\n"),
            {"rows": [], "message": "There was nothing to paste."},
        )

    def test_paste_that_does_not_fit(self):
        order = self._order()
        for test, key, text, message in (
            (
                "Fat content",
                "1-2",
                "1\n2",
                "2 lines were pasted where 1 rows are left. Start further up, or paste"
                " fewer.",
            ),
            (
                "Taste",
                "1-1",
                "pass\tfail",
                "2 columns were pasted where 1 tests are left. Start further left, or"
                " paste fewer.",
            ),
            (
                "Weight",
                "1-1",
                "5\n6",
                "Weight takes no value in the row Reading 2, but “6” was pasted there.",
            ),
            (
                "Weight",
                "9-9",
                "5",
                f"{order.name} has no such cell. Load the page again.",
            ),
            ("Weight", "1-1", 5, "What was pasted is no text of readings."),
        ):
            with self.subTest(message=message):
                self._refused(
                    message, self._paste, order, test, key, text, error=UserError
                )
