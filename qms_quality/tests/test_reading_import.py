from base64 import b64decode, b64encode

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, Form, HttpCase, tagged

from ..models.evidence.reason_required import ReasonRequired
from ..models.inspection.day.number_text import (
    AmbiguousNumber,
    NotANumber,
    parse_number,
)
from .common_day import DayCase


@tagged("post_install", "-at_install")
class TestNumberText(BaseCase):
    """Numbers are read as they were meant, or not at all."""

    def test_what_is_meant(self):
        for text, point, number in (
            ("5", ".", 5),
            (" -5.25 ", ".", -5.25),
            ("\u22125,25", ",", -5.25),
            ("+.5", ".", 0.5),
            ("1e3", ".", 1000),
            ("1.234,5", ".", 1234.5),
            ("1,234.5", ",", 1234.5),
            ("1.234.567", ".", 1234567),
            ("1 234,5", ",", 1234.5),
            ("1'234.5", ".", 1234.5),
            ("1.234", ".", 1.234),
            ("1,234", ",", 1.234),
            ("4.1", ",", 4.1),
            ("0,1234", ".", 0.1234),
        ):
            with self.subTest(text=text, point=point):
                self.assertEqual(parse_number(text, point), number)

    def test_what_may_be_two_numbers(self):
        for text, point in (("1.234", ","), ("1,234", "."), ("-12,345", ".")):
            with self.subTest(text=text), self.assertRaises(AmbiguousNumber):
                parse_number(text, point)

    def test_what_is_no_number(self):
        for text in (
            *("", "-", ".", "e5", "five", "nan", "NaN", "inf", "-Infinity", "1e400"),
            *("1,2,3", "1.23.456", "12.34,5", "1,23,4.5", "0x1F", "1_000", "٤", "<4"),
            *("4.1 kg", "4,1;5", "1.234,5,6", "1..2", "1e", "=1+1"),
        ):
            for point in ".,":
                with self.subTest(text=text), self.assertRaises(NotANumber):
                    parse_number(text, point)

    def test_numbers_come_back_from_every_way_to_write_them(self):
        for place in range(2000):
            value = (place * 7919 % 100_003 - 50_000) / 10 ** (place % 5)
            digits = place % 5
            for point, group in ((".", ","), (",", "."), (",", "\u00a0"), (".", "'")):
                text = f"{value:,.{digits}f}"
                text = text.translate({ord(","): group, ord("."): point})
                try:
                    self.assertEqual(parse_number(text, point), round(value, digits))
                except AmbiguousNumber:
                    # thousands without decimals, as 12.345
                    self.assertEqual((digits, text.count(group)), (0, 1))


class ImportCase(DayCase):
    def _wizard(self, content, **vals):
        if isinstance(content, str):
            content = content.encode()
        wizard = self.env["qms.reading.import"].with_user(self.inspector)
        return wizard.create(
            {"file": b64encode(content), "filename": "readings.csv", **vals}
        )

    def _lines(self, wizard):
        wizard.invalidate_recordset()
        return [
            (line.line, line.action, line.value, line.message or "")
            for line in wizard.line_ids
        ]


@tagged("post_install", "-at_install")
class TestReadingImport(ImportCase):
    """Files of readings: shown, then recorded as a whole or not at all."""

    def _check_and_import(self, order, content, expected, **vals):
        wizard = self._wizard(content, **vals)
        wizard.action_check()
        self.assertEqual(
            (wizard.wrong_count, wizard.ready_count), (0, len(expected)), content
        )
        self.assertEqual(self._values(order), {})
        self.assertEqual(order.state, "draft")
        action = wizard.action_import()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self._values(order), expected)

    # -- Files -------------------------------------------------------------------------

    def test_files_of_all_sorts(self):
        expected = {"Weight": "5.10 kg", "Taste": "Pass"}
        self._associate(self.group, product_ids=self.product.ids)
        rows = "{0}{d}WEIG{d}5.1\n{0}{d}Taste{d}pass\n"
        for place, (head, delimiter, encoding) in enumerate(
            (
                ("order,test,value", ",", "utf-8"),
                ("Quality Order;Test;Value", ";", "utf-8-sig"),
                ("ORDER\tTEST\tVALUE", "\t", "utf-16"),
                ("sep=;\norder;test;value", ";", "latin-1"),
                ('"order";"test";"value"', ";", "cp1252"),
                ("order\ttest\tvalue\r", "\t", "utf-8"),
            )
        ):
            with self.subTest(head=head):
                order = self._orders(self._receive([f"F{place}"]))
                text = f"{head}\n{rows.format(order.name, d=delimiter)}\n"
                if "\r" in head:
                    # as old programs end their lines
                    text = text.replace("\r", "").replace("\n", "\r")
                self._check_and_import(order, text.encode(encoding), expected)

    def test_a_quote_that_is_never_closed(self):
        order = self._order()
        text = 'test;value\nTaste;pass\nWEIG;"5\n' + "Taste;pass\n" * 20_000
        wizard = self._wizard(text, order_id=order.id)
        wizard.action_check()
        self.assertEqual((wizard.ready_count, wizard.wrong_count), (1, 1))
        wizard.action_import()
        self.assertEqual(self._values(order), {})

    def test_a_zero_character_is_no_text(self):
        order = self._order()
        text = "test;value;note\nWEIG;5;a\0b\n"
        for encoding in ("utf-8", "utf-16"):
            wizard = self._wizard(text.encode(encoding), order_id=order.id)
            with self.subTest(encoding=encoding):
                self._refused(
                    "readings.csv is no text in columns. In a spreadsheet, save it as"
                    " CSV.",
                    wizard.action_check,
                    error=UserError,
                )

    def test_signs_of_every_encoding(self):
        order = self._order()
        for encoding in ("utf-8", "utf-8-sig", "latin-1", "utf-16"):
            text = "test;value;note\nWEIG;5;süß und öde\n"
            wizard = self._wizard(text.encode(encoding), order_id=order.id)
            if order.result_ids[0].is_recorded:
                text = "test;value;note;number\nWEIG;5;süß und öde;1\n"
                wizard = self._wizard(text.encode(encoding), order_id=order.id)
            wizard.action_import()
            with self.subTest(encoding=encoding):
                self.assertEqual(order.result_ids[0].note, "süß und öde")
                order.result_ids[0].note = False

    def test_a_file_of_a_user_with_decimal_commas(self):
        self.env["res.lang"]._activate_lang("de_DE")
        order = self._order()
        wizard = self._wizard("test;value;unit\nWEIG;5,125;kg\n", order_id=order.id)
        wizard.with_context(lang="de_DE").action_import()
        self.assertEqual(self._values(order), {"Weight": "5.125 kg"})

    def test_decimals_as_said(self):
        order = self._order()
        text = "test;value;number\nFAT;4,125;1\nFAT;3.5;2\n"
        wizard = self._wizard(text, order_id=order.id)
        wizard.action_check()
        self.assertEqual(
            self._lines(wizard)[0],
            (
                2,
                "wrong",
                "4,125",
                "“4,125” may be 4125 or 4.125: write it without a separator of"
                " thousands, and decimals after “.”",
            ),
        )
        wizard.decimal_point = ","
        wizard.action_import()
        self.assertEqual(
            self._values(order), {"Fat content #1": "4.125", "Fat content #2": "3.50"}
        )

    def test_files_that_cannot_be_read(self):
        order = self._order()
        for content, message in (
            (b"", "Choose a file first."),
            (b"PK\3\4 a workbook", "readings.csv is no text in columns. In a"),
            (b"\0\1\2", "readings.csv is no text in columns. In a"),
            (b"\xff\xfea", "readings.csv is no text in columns. In a"),
            (b"order;test;vlaue\n", "Unknown columns: vlaue.\nMissing columns: value."),
            (b"a\n", "Unknown columns: a.\nMissing columns: order, test, value."),
            (b"\n\n", "Missing columns: order, test, value."),
            (b"order,test,value,Test\n", "Columns that are there twice: test."),
            (b"order,test,value\n", "The file has no rows below its header."),
            (
                b"order,test,value\nA,B,4,1\nA,B,4\nA,B,5,2\n",
                "These lines have values in columns without a name: 2, 4. A text",
            ),
            (b"order,test,value\n" + b"a,b,1\n" * 10_001, "10001 rows are too many"),
            (b"x" * 10_000_001, "The file is larger than 10 MB."),
        ):
            wizard = self._wizard(content)
            for action in (wizard.action_check, wizard.action_import):
                with self.subTest(message=message), self.assertRaises(UserError) as err:
                    action()
                self.assertIn(message, str(err.exception)[: len(message)])
        self.assertEqual(self._values(order), {})

    # -- Rows --------------------------------------------------------------------------

    def test_every_row_is_told_before_anything_is_recorded(self):
        order = self._order_of_all_kinds()
        order.record_readings([{"order": order.name, "test": "Bumps", "value": 0}])
        wizard = self._wizard(
            "test;value;number;note\n"
            "WEIG;7;;\n"
            "COLO;Blue;;\n"
            "BUMP;2;1;\n"
            "BORN;;;\n"
            "\n"
            "REMA;=SUM(A1);;\n"
            "DOUB;14;;\n"
            "PHOT;;;later\n",
            order_id=order.id,
        )
        wizard.action_check()
        self.assertEqual(
            self._lines(wizard),
            [
                (3, "wrong", "Blue", "Colour takes one of: White, Grey, not “Blue”"),
                (
                    8,
                    "wrong",
                    "14",
                    "Double is worked out from other readings: correct those",
                ),
                (2, "record", "7.00 kg", ""),
                (4, "correct", "2", ""),
                (5, "skip", False, "no value"),
                (7, "record", "=SUM(A1)", ""),
                (9, "same", "", ""),
            ],
        )
        self.assertEqual(wizard.line_ids[2].verdict, "failed")
        self.assertEqual(wizard.line_ids[3].old_value, "0")
        counts = wizard.wrong_count, wizard.ready_count, wizard.skipped_count
        self.assertEqual(counts, (2, 4, 1))
        # not even by importing: all or nothing
        self.assertEqual(wizard.action_import()["res_id"], wizard.id)
        self.assertEqual(self._values(order), {"Bumps": "0"})
        # and the goods are held as before
        self.assertEqual([h[0] for h in self._held(order)], [self.under_inspection])

    def test_a_ruled_reason_is_asked_for(self):
        order = self._order()
        model = self.env["ir.model"]._get("qms.quality.order.result")
        self.env["qms.reason.rule"].create({"model_id": model.id, "kind": "change"})
        wizard = self._wizard("test;value\nWEIG;5\n", order_id=order.id)
        with self.assertRaises(ReasonRequired):
            wizard.action_import()
        wizard.with_context(qms_reason="from the laboratory").action_import()
        self.assertEqual(self._values(order), {"Weight": "5.00 kg"})

    def test_a_filled_template_comes_back(self):
        order = self._order(product=self.serial, lots=["S1", "S2"])
        wizard = self._wizard(b"", order_id=order.id)
        self.assertIn(
            f"/web/content/qms.reading.import/{wizard.id}/template/",
            wizard.action_template()["url"],
        )
        text = b64decode(wizard.template).decode("utf-8-sig")
        lines = text.splitlines()
        self.assertEqual(lines[0], "order,test,lot,sample,number,value,unit,note")
        self.assertEqual(lines[1], f"{order.name},WEIG,S1,1,1,,kg,")
        self.assertEqual(len(lines), 9)
        filled = text.replace(",1,1,,kg", ",1,1,5,kg").replace(",2,2,,,", ",2,2,3.9,,")
        self._check_and_import(
            order,
            filled.encode(),
            {"Weight (S1)": "5.00 kg", "Fat content #2 (S2)": "3.90"},
        )

    def test_names_that_look_like_formulas_are_made_safe_and_come_back(self):
        test = self._make_test("-Sum", code="=A1", test_type="text")
        order = self._order(self._make_group("Formulas", {"test_id": test.id}))
        wizard = self._wizard(b"", order_id=order.id)
        text = b64decode(wizard.template).decode("utf-8-sig")
        self.assertIn(",'=A1,", text)
        filled = text.replace(",1,1,,", ",1,1,fine,")
        self._check_and_import(order, filled.encode(), {"-Sum": "fine"})

    # -- Rights ------------------------------------------------------------------------

    def test_rights(self):
        order = self._order()
        wizard = self._wizard("test;value\nWEIG;5\n", order_id=order.id)
        for user in (self.clerk, self._make_user("qms_nobody")):
            for action in ("action_check", "action_import", "read"):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    getattr(wizard.with_user(user), action)()
            with self.assertRaises(AccessError):
                self.env["qms.reading.import"].with_user(user).create({})
        colleague = self._make_user(
            "qms_colleague", "qms_quality.group_quality_manager"
        )
        with self.assertRaises(AccessError):
            wizard.with_user(colleague).read(["filename"])
        self.assertEqual(self._values(order), {})

    # -- Screen and speed --------------------------------------------------------------

    def test_the_form(self):
        order = self._order()
        model = self.env["qms.reading.import"].with_user(self.inspector)
        model = model.with_context(active_model=order._name, active_id=order.id)
        with Form(model) as form:
            self.assertEqual(form.order_id, order)
            form.file = b64encode(b"test,value\nTaste,fail\n")
        wizard = form.record
        self.assertEqual(wizard.action_check()["res_id"], wizard.id)
        self.assertEqual(self._lines(wizard), [(2, "record", "Fail", "")])
        with Form(wizard) as form:
            form.decimal_point = "."
        self.assertFalse(wizard.is_checked)

    def test_queries_of_a_large_file(self):
        group = self._make_weight_group(reading_number=400)
        self._associate(group, product_ids=self.product.ids)
        counts = []
        for rows in (10, 10, 100, 400):
            order = self._orders(self._receive([f"Q{len(counts)}"]))
            text = "test;value\n" + "WEIG;5.1\n" * rows
            wizard = self._wizard(text, order_id=order.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_check()
            wizard.action_import()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(order.recorded_count, rows)
        # 390 readings more, written in batches
        self.assertLessEqual(counts[3] - counts[1], 30, counts)


@tagged("post_install", "-at_install")
class TestReadingImportHttp(HttpCase, ImportCase):
    def test_the_template_is_downloaded(self):
        order = self._order()
        wizard = self._wizard(b"", order_id=order.id)
        self.inspector.password = "qms_inspector"
        self.authenticate("qms_inspector", "qms_inspector")
        answer = self.url_open(wizard.action_template()["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.content, b64decode(wizard.template))
        self.assertIn(order.name.encode(), answer.content)
