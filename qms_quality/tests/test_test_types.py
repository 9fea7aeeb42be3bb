from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common_inspection import InspectionCase

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestTestTypes(InspectionCase):
    """What each type of test reads, and how it is judged."""

    def _order(self, *lines, **vals):
        group = self._make_group("Types", *lines, **vals)
        self._associate(group, product_ids=self.product.ids)
        return self._receive_order().with_user(self.inspector)

    def _variable(self):
        return self.env["qms.test.variable"].create(
            {
                "name": "Colour",
                "outcome_ids": [
                    (0, 0, {"name": "White", "verdict": "passed"}),
                    (0, 0, {"name": "Cream", "verdict": "passed"}),
                    (0, 0, {"name": "Grey", "verdict": "failed"}),
                ],
            }
        )

    def _choice(self):
        variable = self._variable()
        return self._make_test(
            "Tint", test_type="qualitative", variable_id=variable.id
        ), variable.outcome_ids

    def _refused(self, message, function, *arguments, error=ValidationError):
        with self.assertRaises(error) as caught, self.env.cr.savepoint():
            function(*arguments)
        self.assertEqual(str(caught.exception), message)

    # -- Types -------------------------------------------------------------------------

    def test_a_choice_passes_or_fails_by_its_outcome(self):
        test, (white, _cream, grey) = self._choice()
        order = self._order({"test_id": test.id})
        result = order.result_ids
        self.assertEqual(result.limits, "White, Cream")
        self.assertEqual([row[1] for row in result.choices], ["White", "Cream", "Grey"])
        result.outcome_id = white
        self.assertEqual(result.verdict, "passed")
        result.outcome_id = grey
        self.assertEqual((result.verdict, result.is_corrected), ("failed", True))
        other = self.env["qms.test.variable"].create(
            {"name": "Other", "outcome_ids": [(0, 0, {"name": "Blue"})]}
        )
        self._refused(
            "Blue is no outcome of Tint. Choose one of: White, Cream, Grey.",
            result.write,
            {"outcome_id": other.outcome_ids.id},
        )
        self._refused("Tint takes one of its outcomes.", result.write, {"value": 1})

    def test_an_outcome_that_was_read_stays(self):
        test, (white, cream, _grey) = self._choice()
        order = self._order({"test_id": test.id})
        order.result_ids.outcome_id = white
        for call in (
            lambda: white.with_user(self.manager).write({"verdict": "failed"}),
            white.with_user(self.manager).unlink,
        ):
            self._refused(
                "Readings say: White. What was read stays as it was. Add another"
                " outcome instead.",
                call,
                error=UserError,
            )
        cream.with_user(self.manager).name = "Creamy"

    def test_defects_are_counted_against_the_acceptable_number(self):
        classes = ("critical", "major", "minor")
        lines = [
            {
                "test_id": self._make_test(
                    name, test_type="attribute", defect_class=defect_class, decimals=0
                ).id,
                "acceptable_number": number,
            }
            for number, (name, defect_class) in enumerate(
                zip(("Cracks", "Notches", "Bumps"), classes, strict=True)
            )
        ]
        for number, result in enumerate(self._order(*lines).result_ids):
            with self.subTest(classes[number]):
                self.assertEqual(result.limits, f"at most {number} {classes[number]}")
                for count, verdict in (
                    (0, "passed"),
                    (number, "passed"),
                    (number + 1, "failed"),
                ):
                    result.value = count
                    self.assertEqual(result.verdict, verdict)
        self._refused("Bumps takes a whole number.", result.write, {"value": 1.5})
        self._refused("Bumps: defects can't be negative.", result.write, {"value": -1})

    def test_whole_numbers(self):
        test = self._make_test("Germs", whole_number=True)
        result = self._order({"test_id": test.id, "upper_limit": 100}).result_ids
        result.value = 100
        self.assertEqual(result.verdict, "passed")
        self._refused("Germs takes a whole number.", result.write, {"value": 99.5})

    def test_texts_dates_and_pictures_pass_by_being_there(self):
        kinds = ("text", "date", "picture")
        lines = [
            {"test_id": self._make_test(f"{kind} test", test_type=kind).id}
            for kind in kinds
        ]
        order = self._order(*lines)
        text, day, picture = order.result_ids
        with self.assertRaises(UserError):
            order.action_validate()
        text.text_value = "from the second tank"
        day.date_value = "2026-11-22"
        picture.picture = PNG
        self.assertEqual(order.result_ids.mapped("verdict"), ["passed"] * 3)
        texts = [result._get_value_text() for result in order.result_ids]
        self.assertEqual(texts[:2], ["from the second tank", "2026-11-22"])
        self.assertRegex(texts[2], "^Picture [0-9a-f]{8}$")
        before = order._qms_content_hash("validate", {})
        picture.picture = PNG.replace("R42mNk", "R42mNg")
        self.assertNotEqual(order._qms_content_hash("validate", {}), before)
        self.assertTrue(picture.is_corrected)
        order.action_validate()
        self.assertEqual(order.verdict, "passed")

    def test_a_type_needs_what_it_reads(self):
        for kind, name in (
            ("qualitative", "Variable"),
            ("attribute", "Defect Class"),
            ("calculated", "Formula"),
        ):
            self._refused(
                f"[NEED] Need: a test of this type needs its {name}.",
                lambda kind=kind: self._make_test("Need", test_type=kind),
            )
        self._refused(
            "Empty has no outcomes. Add at least one that passes.",
            lambda: self.env["qms.test.variable"].create({"name": "Empty"}),
        )

    # -- Limits ------------------------------------------------------------------------

    def test_tolerance_and_limits_keep_in_step(self):
        group = self._draft_group("Tolerance").with_user(self.manager)
        with Form(group) as form, form.line_ids.new() as line:
            line.test_id = self.weight
            line.target = 5
            line.tolerance = 10
            self.assertEqual((line.lower_limit, line.upper_limit), (4.5, 5.5))
            line.upper_limit = 6
            self.assertIs(line.tolerance, False)
            line.lower_limit = 4
            self.assertEqual(line.tolerance, 20)
        line = group.line_ids
        self.assertEqual(line.tolerance, 20)
        line.tolerance = 2
        self.assertEqual((line.lower_limit, line.upper_limit), (4.9, 5.1))
        line.write({"lower_limit": 4.5, "upper_limit": 5.5})
        self.assertEqual(line.tolerance, 10)
        self._refused(
            "[WEIG] Weight: a tolerance needs a target other than 0, and can't be"
            " negative. Set the limits instead.",
            line.write,
            {"target": False, "tolerance": 3},
        )

    def test_within_the_limits_and_near_them(self):
        order = self._order(
            {
                "test_id": self.weight.id,
                "lower_limit": 4,
                "lower_warning": 4.5,
                "upper_warning": 5.5,
                "upper_limit": 6,
            }
        )
        result = order.result_ids
        for value, verdict, near in (
            (4.4, "passed", True),
            (4.5, "passed", False),
            (5.6, "passed", True),
            (6.1, "failed", False),
        ):
            result.value = value
            self.assertEqual((result.verdict, result.is_warning), (verdict, near))
        line = order.sudo().spec_ids.test_group_id.copy().line_ids
        self._refused(
            "[WEIG] Weight: lower limit, lower warning limit, target, upper warning"
            " limit and upper limit must rise in this order.",
            line.write,
            {"lower_warning": 3},
        )

    # -- Several readings --------------------------------------------------------------

    def _several(self, determination):
        order = self._order(
            {
                "test_id": self.weight.id,
                "lower_limit": 4,
                "upper_limit": 6,
                "reading_number": 3,
                "determination": determination,
            }
        )
        return order, order.result_ids.filtered(lambda one: not one.is_final)

    def test_one_value_stands_for_the_readings(self):
        for determination, value in (
            ("average", 5.0),
            ("minimum", 3.0),
            ("maximum", 7.0),
        ):
            self.env["qms.quality.association"].search([]).active = False
            order, readings = self._several(determination)
            final = order.result_ids - readings
            self.assertEqual(final.display_name, f"Weight, {determination}")
            for reading, read in zip(readings, (3, 5, 7), strict=True):
                self.assertFalse(final.is_recorded)
                reading.value = read
            self.assertEqual(final.value, value)
            passed = determination == "average"
            self.assertEqual(final.verdict, "passed" if passed else "failed")
            self.assertFalse(any(readings.mapped("verdict")))
            self.assertEqual(order.test_ids.verdict, final.verdict)
            self._refused(
                "These are worked out from other readings:"
                f" Weight, {determination}. Correct those.",
                final.write,
                {"value": 5},
                error=UserError,
            )
            # a correction is followed, in the unit it was read in
            readings[0].write({"value": 5000, "uom_id": self.gram.id})
            readings[2].value = 5
            self.assertEqual(final.value, 5)
            self.assertTrue(final.is_corrected)

    def test_the_inspector_says_which_value_counts(self):
        order, readings = self._several("manual")
        final = order.result_ids - readings
        readings.value = 3
        self.assertFalse(order.test_ids.verdict)
        final.value = 5
        order.action_validate()
        self.assertEqual(order.verdict, "passed")

    def test_only_numbers_have_an_average(self):
        self._refused(
            "[TAST] Taste has no numbers, so there is no average of its readings."
            " Choose Every reading or Manual.",
            self._draft_group,
            "Wrong",
            {"test_id": self.taste.id, "determination": "average"},
        )

    # -- What a failure does -----------------------------------------------------------

    def test_the_first_failure_holds_at_once(self):
        self._associate(product_ids=self.product.ids)
        order = self._receive_order().with_user(self.inspector)
        result = order.result_ids[0]
        result.value = 5
        self.assertEqual(order.lot_ids.inspection_status_id, self.under_inspection)
        result.value = 3
        self.assertEqual(order.state, "open")
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)
        hold = self.env["qms.hold"]._search_open(order._name, order.ids)
        self.assertEqual(
            hold.reason, "Reading failed: Weight: 3.00 kg (4.00 – 6.00 kg)"
        )
        order.result_ids[1].value = 9
        self.assertEqual(
            self.env["qms.hold"]._search_open(order._name, order.ids), hold
        )
        self._fill(order)
        order.action_validate()
        self.assertEqual(order.lot_ids.inspection_status_id, self.available)

    def test_a_failure_that_is_accepted_decides_nothing(self):
        order = self._order(
            {"test_id": self.taste.id},
            {
                "test_id": self.weight.id,
                "upper_limit": 6,
                "action_on_failure": "accept",
            },
        )
        taste, weight = order.result_ids
        weight.value = 9
        self.assertEqual(weight.verdict, "failed")
        self.assertEqual(order.lot_ids.inspection_status_id, self.under_inspection)
        taste.outcome = "pass"
        order.action_validate()
        self.assertEqual(order.verdict, "passed")

    def test_an_accepted_test_is_still_required(self):
        order = self._order(
            {"test_id": self.taste.id},
            {"test_id": self.weight.id, "action_on_failure": "accept"},
        )
        order.result_ids[0].outcome = "pass"
        self._refused(
            f"The inspection isn't complete:\n- {order.name}: no reading for Weight",
            order.action_validate,
            error=UserError,
        )

    def test_goods_that_passed_can_stay_restricted(self):
        conditional = self.env.ref("qms_quality.status_conditional")
        group = self._make_weight_group("Restricted")
        group = self._replace(group, passed_status_id=conditional.id)
        self._associate(group, product_ids=self.product.ids)
        order = self._receive_order().with_user(self.inspector)
        order.result_ids.value = 5
        order.action_validate()
        self.assertEqual(order.verdict, "passed")
        self.assertEqual(order.lot_ids.inspection_status_id, conditional)

    def test_only_effective_lines_are_copied(self):
        today = fields.Date.context_today(self.env.user)
        day = timedelta(days=1)
        order = self._order(
            {"test_id": self.weight.id, "date_from": today, "date_to": today},
            {"test_id": self.fat.id, "date_from": today + day},
            {"test_id": self.taste.id, "date_to": today - day},
        )
        self.assertEqual(order.test_ids.test_id, self.weight)

    # -- What tests use up -------------------------------------------------------------

    def test_what_is_used_up_leaves_the_stock_whatever_the_verdict(self):
        line = {
            "test_id": self.weight.id,
            "lower_limit": 4,
            "reading_number": 2,
            "destroyed_quantity": 0.5,
        }
        self._associate(self._make_group("Destroy", line), product_ids=self.product.ids)
        for lot, value, status in (
            ("GOOD", 5, self.available),
            ("BAD", 3, self.on_hold),
        ):
            order = self._receive_order(lots=[lot]).with_user(self.inspector)
            order.result_ids.value = value
            order.action_validate()
            self.assertEqual(order.sudo().lot_ids.product_qty, 9)
            self.assertEqual(order.lot_ids.inspection_status_id, status)
            scrap = self.env["stock.scrap"].search([("origin", "=", order.name)])
            self.assertEqual((scrap.state, scrap.scrap_qty), ("done", 1))
            permits = self.env["qms.hold.permit"].search(
                [("res_model", "=", order._name), ("res_id", "=", order.id)]
            )
            self.assertEqual(permits.mapped("spent_quantity"), [1] * (value == 3))
            # inspecting again uses up nothing more
            order.with_user(self.manager).action_reopen()
            order.action_validate()
            self.assertEqual(order.sudo().lot_ids.product_qty, 9)

    def test_more_used_up_than_there_is(self):
        line = {"test_id": self.weight.id, "destroyed_quantity": 12}
        order = self._order(line)
        order.result_ids.value = 5
        order.action_validate()
        self.assertEqual(order.sudo().lot_ids.product_qty, 0)
        self.assertIn(
            "The tests used up 2 Units more than there is in stock.",
            "".join(order.sudo().message_ids.mapped("body")),
        )

    # -- Forged ------------------------------------------------------------------------

    def test_what_decides_is_not_written_by_rpc(self):
        order, readings = self._several("average")
        final = order.result_ids - readings
        results = self.env["qms.quality.order.result"].with_user(self.inspector)
        for vals in (
            {"verdict": "passed"},
            {"is_final": False},
            {"problem": "none"},
            {"is_automatic": False},
            {"is_warning": True},
            {"is_destroyed": True},
            {"product_id": self.untracked.id},
        ):
            self._refused(
                "Readings are made with their quality order; only the reading, its unit"
                " and a note can be entered.",
                lambda vals=vals: call_kw(results, "write", [final.ids, vals], {}),
                error=AccessError,
            )
        with self.assertRaises(AccessError):
            call_kw(order.test_ids, "write", [order.test_ids.ids, {"formula": "1"}], {})
        self._refused(
            "A specification is a copy, and stays as it was copied. Add another test"
            " group to the order instead.",
            lambda: call_kw(
                order.spec_ids.with_user(self.manager),
                "write",
                [order.spec_ids.ids, {"passed_status_id": False}],
                {},
            ),
            error=UserError,
        )
        self.assertFalse(final.is_recorded)

    # -- Corrections -------------------------------------------------------------------

    def test_a_rule_can_ask_why_a_reading_is_corrected(self):
        model = self.env["ir.model"]._get("qms.quality.order.result")
        names = [("model_id", "=", model.id), ("name", "=", "value")]
        self.env["qms.reason.rule"].create(
            {
                "model_id": model.id,
                "field_ids": self.env["ir.model.fields"].search(names).ids,
            }
        )
        order = self._order({"test_id": self.weight.id})
        result = order.result_ids.with_context(qms_reason="first reading")
        result.value = 5
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.result_ids.value = 6
        self.assertEqual(order.result_ids.value, 5)
        result.with_context(qms_reason="scale was off").value = 6
        self.env["qms.audit.entry"]._write_pending()
        entry = self.env["qms.audit.entry"].search(
            [("res_model", "=", model.model), ("res_id", "=", result.id)],
            order="id desc",
            limit=1,
        )
        self.assertEqual(
            (entry.event, entry.old_value, entry.new_value, entry.reason),
            ("correct", "5.00 kg", "6.00 kg (Passed)", "scale was off"),
        )
        self.assertEqual(entry.user_id, self.inspector)
