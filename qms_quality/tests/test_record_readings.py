from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.evidence.reason_required import ReasonRequired
from .common import INSPECTOR
from .common_day import DayCase
from .test_test_types import PNG


@tagged("post_install", "-at_install")
class TestRecordReadings(DayCase):
    """Rows of readings, of which all count or none."""

    def _row(self, order, test="WEIG", value=5, **more):
        return {"order": order.name, "test": test, "value": value, **more}

    def _record(self, *rows):
        return self.orders.record_readings(list(rows))

    def _refuse(self, wrong, *rows):
        """Check that rows are refused, with what is wrong by place."""
        lines = [f"\n- Row {place}: {text}" for place, text in wrong.items()]
        self._refused(
            f"Nothing was recorded. Wrong are {len(wrong)} of {len(rows)} rows:"
            + "".join(lines),
            self._record,
            *rows,
            error=UserError,
        )

    # -- What is recorded --------------------------------------------------------------

    def test_every_type(self):
        order = self._order_of_all_kinds()
        answers = self._record(
            self._row(order, "weight", 5),
            self._row(order, "COLO", "grey"),
            self._row(order, "Bumps", 0),
            self._row(order, "Remark", " second tank "),
            self._row(order, "Born", "2026-11-22"),
            self._row(order, "Photo", PNG),
        )
        verdicts = [answer["verdict"] for answer in answers]
        self.assertEqual(
            verdicts, ["passed", "failed", "passed", "passed", "passed", "passed"]
        )
        values = self._values(order)
        self.assertTrue(values.pop("Photo").startswith("Picture "))
        self.assertEqual(
            values,
            {
                "Weight": "5.00 kg",
                "Colour": "Grey",
                "Bumps": "0",
                "Remark": "second tank",
                "Born": "2026-11-22",
                "Double": "10.000",
            },
        )
        self.assertEqual(
            answers[1],
            {
                "reading": order.result_ids.filtered("outcome_id").id,
                "name": "Colour",
                "value": "Grey",
                "verdict": "failed",
                "warning": False,
                "order": order.id,
                "order_name": order.name,
                "state": "open",
                "order_verdict": "failed",
            },
        )
        self.assertEqual(order.result_ids[0].recorded_by_id, self.inspector)

    def test_the_next_empty_reading_is_filled(self):
        order = self._order()
        first, second = order.result_ids.filtered(lambda one: one.test_id == self.fat)
        self._record(
            self._row(order, "fat ", 3.6), self._row(order, "fat content", 3.7)
        )
        self.assertEqual((first.value, second.value), (3.6, 3.7))
        self._refuse(
            {
                1: "Fat content is recorded already. To correct it, say which reading,"
                " as its number"
            },
            self._row(order, "Fat content", 3.8),
        )
        self._record(self._row(order, "Fat content", 3.8, number=2, note="misread"))
        self.assertEqual((first.value, second.value), (3.6, 3.8))
        self.assertTrue(second.is_corrected)
        self._record(self._row(order, "Fat content", 3.9, sample="1"))
        self.assertEqual(first.value, 3.9)

    def test_serial_numbers_are_told_apart(self):
        order = self._order(product=self.serial, lots=["S1", "S2"])
        self._refuse(
            {1: "Weight is read of several lots: say which lot, one of S1, S2"},
            self._row(order),
        )
        self._refuse(
            {2: "nothing is read of the lot “S3”, but of: S1, S2"},
            self._row(order, lot="S1"),
            self._row(order, lot="S3"),
        )
        self._record(self._row(order, lot="S2", value=5), self._row(order, sample=1))
        self.assertEqual(
            self._values(order), {"Weight (S1)": "5.00 kg", "Weight (S2)": "5.00 kg"}
        )

    def test_drawn_samples_are_numbered(self):
        plan = self._make_plan("fixed", quantity=3, reading_scope="unit")
        self._sample_by(plan)
        order = self._receive_order().with_user(self.inspector)
        self.assertEqual(len(order.unit_ids), 3)
        self._record(self._row(order, sample=2, value=4.5), self._row(order, value=4.4))
        by_sample = {one.unit_id.sequence: one.value for one in order.result_ids}
        self.assertEqual(by_sample, {1: 4.4, 2: 4.5, 3: False})
        self._refuse({1: "no sample 4: there are 3"}, self._row(order, sample=4))

    def test_units(self):
        order = self._order()
        self._record(self._row(order, value=5100, unit="g"))
        self.assertEqual(self._values(order), {"Weight": "5,100.00 g"})
        # without one, it is the unit of the limits
        self._record(self._row(order, value=5.2, number=1))
        self.assertEqual(self._values(order), {"Weight": "5.20 kg"})
        with self.assertRaisesRegex(UserError, "no unit “m” for this test. Possible: "):
            self._record(self._row(order, number=1, unit="m"))
        self._refuse(
            {1: "no unit “kg” for this test. Possible: no unit"},
            self._row(order, "Fat content", unit="kg"),
        )

    def test_by_id_of_the_reading_and_emptying(self):
        order = self._order()
        weight = order.result_ids[0]
        self._record({"reading": weight.id, "value": 0, "note": "empty scale"})
        self.assertEqual((weight.value, weight.verdict), (0.0, "failed"))
        (answer,) = self._record({"reading": weight.id, "value": False})
        self.assertEqual((weight.is_recorded, weight.is_corrected), (False, True))
        self.assertEqual((answer["value"], answer["order_verdict"]), ("", False))
        self._record({"reading": weight.id, "note": "scale is broken"})
        self.assertEqual(weight.note, "scale is broken")
        self._refuse(
            {1: "there is no value", 2: "there is no value"},
            {"reading": weight.id, "value": ""},
            {"reading": weight.id},
        )

    def test_what_follows_from_readings(self):
        """The order starts, values are worked out, the first failure holds."""
        order = self._order_of_all_kinds()
        (answer,) = self._record(self._row(order, value=7))
        self.assertEqual((answer["state"], answer["verdict"]), ("open", "failed"))
        self.assertEqual(order.user_id, self.inspector)
        self.assertEqual(self._values(order)["Double"], "14.000")
        self.assertEqual([held[0] for held in self._held(order)], [self.on_hold])

    # -- Numbers -----------------------------------------------------------------------

    def test_numbers_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("de_DE")
        order = self._order()
        self.orders = self.orders.with_context(lang="de_DE")
        self._record(self._row(order, value="5,25"))
        self.assertEqual(order.result_ids[0].value, 5.25)
        self._record(self._row(order, value="5.5", number=1))
        self.assertEqual(order.result_ids[0].value, 5.5)
        self._refuse(
            {
                1: "“5.125” may be 5125 or 5,125: write it without a separator of"
                " thousands, and decimals after “,”"
            },
            self._row(order, value="5.125", number=1),
        )

    # -- All or nothing ----------------------------------------------------------------

    def test_every_bad_row_is_named(self):
        order = self._order_of_all_kinds()
        has = (
            "WEIG (Weight), COLO (Colour), BUMP (Bumps), REMA (Remark), BORN (Born),"
            " PHOT (Photo), DOUB (Double)"
        )
        self._refuse(
            {
                2: "no quality order “QO/nowhere” that you may see",
                3: f"{order.name} has no test “Taste”. It has: {has}",
                4: "Weight takes a number, not “heavy”",
                5: "Double is worked out from other readings: correct those",
                6: "Colour takes one of: White, Grey, not “Blue”",
                7: "Bumps takes a whole number",
                8: "Born takes a date such as 2026-11-30, not “2026-02-30”",
                9: "Photo takes a picture, not “cheese!”",
                10: "unknown: vlaue. What a row can say: reading, order, test, sample,"
                " number, lot, value, unit, note, reason",
                11: "a row must name its values, such as value: 4",
                12: "there is no order",
                13: "about Remark, like row 1: leave one of them out",
                14: "number must be a whole number",
                15: "unit must be a text",
            },
            self._row(order, "Remark", "fine"),
            {"order": "QO/nowhere", "test": "WEIG", "value": 1},
            self._row(order, "Taste", "pass"),
            self._row(order, value="heavy"),
            self._row(order, "DOUB", 3),
            self._row(order, "COLO", "Blue"),
            self._row(order, "BUMP", 1.5),
            self._row(order, "BORN", "2026-02-30"),
            self._row(order, "PHOT", "cheese!"),
            {"order": order.name, "test": "WEIG", "vlaue": 5},
            7,
            {"test": "WEIG", "value": 5},
            self._row(order, "Remark", "twice"),
            self._row(order, number="first"),
            self._row(order, unit=3),
        )
        self.assertEqual(self._values(order), {})
        self.assertEqual((order.state, order.user_id), ("draft", self.env["res.users"]))

    def test_one_bad_row_undoes_the_good_ones_even_where_the_error_is_caught(self):
        order = self._order()
        # assertRaises would roll back by itself
        with suppress(UserError):
            self._record(self._row(order), self._row(order, "Taste", "perhaps"))
        self.assertEqual(self._values(order), {})
        self.assertFalse(
            self.env["qms.audit.entry"].search_count(
                [
                    ("res_model", "=", order.result_ids._name),
                    ("res_id", "in", order.result_ids.ids),
                    ("event", "=", "record"),
                ]
            )
        )

    def test_the_audit_trail_tells_each_reading(self):
        order = self._order()
        self._record(self._row(order), self._row(order, "Taste", "fail", note="sour"))
        self._record(self._row(order, value=4, number=1, reason="typed wrongly"))
        self.env.flush_all()
        entries = self.env["qms.audit.entry"].search(
            [
                ("res_model", "=", order.result_ids._name),
                ("res_id", "in", order.result_ids.ids),
                ("event", "in", ("record", "correct")),
                ("field_name", "in", ("value", "outcome")),
            ],
            order="id",
        )
        self.assertEqual(
            [(e.event, e.old_value or "", e.new_value, e.reason) for e in entries],
            [
                ("record", "", "5.00 kg (Passed)", False),
                ("record", "", "Fail (Failed)", "sour"),
                ("correct", "5.00 kg", "4.00 kg (Passed)", "typed wrongly"),
            ],
        )

    def test_a_ruled_reason_is_asked_for(self):
        order = self._order()
        model = self.env["ir.model"]._get("qms.quality.order.result")
        self.env["qms.reason.rule"].create({"model_id": model.id, "kind": "change"})
        rows = [self._row(order), self._row(order, "Taste", "pass", reason="first try")]
        self._refused(
            "Say why, in at least 5 characters: a reason for change is mandatory for"
            " row 1: Weight.\nNothing was changed. The web client asks for the reason;"
            " other programs give it in the context, as qms_reason.",
            self._record,
            *rows,
            error=ReasonRequired,
        )
        rows[0]["reason"] = "weighed again"
        self._record(*rows)
        self.assertEqual(self._values(order), {"Weight": "5.00 kg", "Taste": "Pass"})
        # the web client gives one for all
        self.orders = self.orders.with_context(qms_reason="weighed a third time")
        self._record(self._row(order, value=4.5, number=1))
        self.assertEqual(self._values(order)["Weight"], "4.50 kg")

    # -- Rights and states -------------------------------------------------------------

    def test_rights(self):
        order = self._order()
        for user in (self.clerk, self._make_user("qms_nobody")):
            with self.subTest(user=user.login), self.assertRaises(AccessError) as error:
                order.with_user(user).record_readings([self._row(order)])
            self.assertEqual(
                str(error.exception),
                "Only members of the group Quality / Inspector can do this.",
            )
        self.assertEqual(self._values(order), {})

    def test_orders_of_other_companies_are_not_found(self):
        order = self._order()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._make_user("qms_stranger", INSPECTOR)
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.orders = self.orders.with_user(stranger)
        self._refuse(
            {
                1: f"no quality order “{order.name}” that you may see",
                2: f"no quality order “{order.id}” that you may see",
                3: f"no reading {order.result_ids[0].id} that you may see",
            },
            self._row(order),
            {**self._row(order), "order": order.id},
            {"reading": order.result_ids[0].id, "value": 5},
        )

    def test_orders_that_are_done(self):
        order = self._order()
        self._fill(order)
        order.action_validate()
        self._refuse(
            {
                1: f"{order.name} (Validated): its readings stay as they are. A quality"
                " manager can reopen it"
            },
            self._row(order, number=1),
        )

    # -- Speed -------------------------------------------------------------------------

    def _count_queries(self, groups, number):
        """Return how many queries it takes to record of ``number`` orders."""
        orders = self.env["qms.quality.order"]
        self._associate(groups, product_ids=self.product.ids)
        lots = [f"Q{number}-{place}" for place in range(number)]
        orders = self._orders(self._receive(lots))
        self.assertEqual(len(orders), number)
        rows = [
            self._row(order, value=4.5 + place / 1000)
            for order in orders
            for place in range(10)
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._record(*rows)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_rows(self):
        group = self._make_weight_group(reading_number=10)
        self._count_queries(group, 1)
        few, many = self._count_queries(group, 2), self._count_queries(group, 22)
        # 20 orders and 200 readings more
        self.assertLessEqual(many - few, 20, (few, many))
        self.assertLess(many, 90)
