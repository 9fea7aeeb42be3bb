import json

from odoo.tests import tagged

from .common import INSPECTOR
from .common_day import DayCase
from .rpc_case import JsonClient, Refused, RpcCase

MODEL = "qms.quality.order"


@tagged("post_install", "-at_install")
class TestReadingsRpc(DayCase, RpcCase):
    """Readings over both of Odoo's protocols, from programs good and bad."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_2 = cls.env["res.company"].create({"name": "Other"})
        cls.stranger = cls._make_user("qms_stranger", INSPECTOR)
        cls.stranger.write(
            {
                "company_ids": [(6, 0, cls.company_2.ids)],
                "company_id": cls.company_2.id,
            }
        )
        cls._set_passwords(cls.clerk | cls.inspector | cls.stranger)

    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.reading, self.other = self.order.result_ids[:2]

    def _row(self, **vals):
        return {"order": self.order.name, "test": "WEIG", "value": 5, **vals}

    def _refused(self, call, rows, method="record_readings", ids=None, **context):
        """Expect a refusal in words, and nothing recorded; return the words."""
        named = {"rows": rows} if method == "record_readings" else rows
        with self.assertRaises(Refused) as error:
            call(MODEL, method, ids, context=context, **named)
        self.env.invalidate_all()
        self.assertEqual(self._values(self.order), {}, rows)
        self.assertEqual(self.order.state, "draft")
        return str(error.exception)

    # -- Good programs -----------------------------------------------------------------

    def test_a_program_records_and_reads(self):
        for place, call in enumerate(self._clients(self.inspector), 1):
            answers = call(
                MODEL,
                "record_readings",
                rows=[
                    self._row(value="5.25", number=1),
                    self._row(test="Fat content", value=3 + place, number=place),
                ],
            )
            verdicts = [(one["value"], one["verdict"]) for one in answers]
            self.assertEqual(verdicts[0], ("5.25 kg", "passed"))
            self.assertEqual(answers[0]["state"], "open")
            data = call(MODEL, "get_bench_data", self.order.ids)
            cell = data["rows"][0]["cells"][str(self.order.test_ids[0].id)]
            self.assertEqual((cell["value"], cell["verdict"]), (5.25, "passed"))
            (found,) = call(MODEL, "scan", code="L1")["orders"]
            self.assertEqual(found["id"], self.order.id)
            pasted = call(
                MODEL,
                "parse_pasted",
                self.order.ids,
                test_id=self.order.test_ids[1].id,
                row_key="1-1",
                text="3.9\n4.1",
            )
            self.assertEqual([row["value"] for row in pasted["rows"]], ["3.9", "4.1"])

    # -- Bad ones ----------------------------------------------------------------------

    def test_users_without_the_right(self):
        for call in self._clients(self.clerk):
            for context in ({}, {"qms_sentinel": True}, {"qms_reading_batch": True}):
                text = self._refused(call, [self._row()], **context)
                self.assertIn("Only members of the group Quality / Inspector", text)
        for call in self._clients(self.stranger):
            text = self._refused(call, [self._row(), {"reading": self.reading.id}])
            self.assertIn("Row 1: no quality order", text)
            companies = [self.company.id, self.company_2.id]
            self._refused(call, [self._row()], allowed_company_ids=companies)
            self._refused(call, {}, "get_bench_data", self.order.ids)
            orders = call(MODEL, "scan", code="L1")["orders"]
            self.assertEqual(orders, [])

    def test_values_of_ill_will(self):
        nan, inf = float("nan"), float("inf")
        for call in self._clients(self.inspector):
            for rows in (
                *([self._row(value=value)] for value in (nan, inf, -inf, "1e400")),
                *([self._row(value=value)] for value in (True, [5], {"a": 5}, "5\t6")),
                *([self._row(order=value)] for value in (True, [1], {"a": 1}, -1, 0)),
                *([self._row(test=value)] for value in (True, [1], {"a": 1}, -1, 1.5)),
                *([self._row(number=value)] for value in (True, [1], "x", -1, 0, 99)),
                *([self._row(sample=value)] for value in (True, [1], "x", -1, 99)),
                *([self._row(lot=value)] for value in (True, 7, "L2", ["L1"])),
                *([self._row(unit=value)] for value in (True, 7, "m", {"a": 1})),
                *([self._row(note=value)] for value in (True, 7, ["x"])),
                [{"reading": 2**31 - 1, "value": 5}],
                [{"reading": "1 OR 1=1", "value": 5}],
                [{"reading": self.reading.id, "value": 5, "order": "QO/other"}],
                [self._row(verdict="passed")],
                [self._row(), self._row()],
                [self._row(), 5],
                [[]],
                [{}],
                {"order": 1},
                "rows",
                5,
            ):
                with self.subTest(rows=rows, client=type(call).__name__):
                    self._refused(call, rows)

    def test_what_only_json_can_say(self):
        call = JsonClient(self, self.inspector)
        for rows in (
            [self._row(value=10**400)],
            [self._row(value="5\0")],
            [self._row(value="\ud800")],
            [self._row(note="\0")],
            [self._row(order="\0")],
            [self._row(test="\ud800")],
            [self._row(order=10**30)],
            [{"reading": 10**30, "value": 5}],
            [{"reading": "9" * 400, "value": 5}],
            [{"reading": 1e300, "value": 5}],
            [None],
            None,
        ):
            with self.subTest(rows=str(rows)[:80]):
                self._refused(call, rows)
        body = json.dumps({"rows": [self._row(value="X")]}).replace('"X"', "1e400")
        answer = self.url_open(
            f"/json/2/{MODEL}/record_readings", data=body, headers=call.headers
        )
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Weight takes a number, not “inf”", answer.text)

    def test_orders_that_are_done_and_values_that_are_worked_out(self):
        order = self._order_of_all_kinds(
            lots=["L2"], product=self._make_product("Cream")
        )
        worked_out = order.result_ids.filtered("is_automatic")
        for call in self._clients(self.inspector):
            text = self._refused(call, [{"reading": worked_out.id, "value": 1}])
            self.assertIn("Double is worked out from other readings", text)
        self._fill(self.order)
        self.order.action_validate()
        value = self.reading.value
        for call in self._clients(self.inspector):
            with self.assertRaisesRegex(Refused, "its readings stay as they are"):
                call(MODEL, "record_readings", rows=[self._row(number=1, value=6)])
        self.env.invalidate_all()
        self.assertEqual(self.reading.value, value)

    def test_what_is_inside_cannot_be_called(self):
        for call in self._clients(self.inspector):
            for method, named in (
                ("_enter_rows", {"pairs": []}),
                ("_get_verdict_so_far", {}),
            ):
                with self.subTest(method=method), self.assertRaises(Refused):
                    call(MODEL, method, self.order.ids, **named)
            with self.subTest("no stamp is skipped"):
                call(
                    "qms.quality.order.result",
                    "write",
                    self.other.ids,
                    vals={"value": 4},
                    context={"qms_reading_batch": {"before": {}}},
                )
                self.env.invalidate_all()
                self.assertEqual(self.other.recorded_by_id, self.inspector)
