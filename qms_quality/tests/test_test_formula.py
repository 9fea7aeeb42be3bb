from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, tagged

from ..models.inspection.testing.formula import Formula, FormulaError, find_cycle
from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestFormula(BaseCase):
    """Formulas are arithmetic, and nothing else."""

    def test_values(self):
        for text, value in (
            ("A + B * 2", 11),
            ("(A + B) / 2 - -1", 4.5),
            ("-A ** 2", -9),
            ("min(A, B) + max(A, B, 9) + abs(0 - A)", 15),
            ("avg(A, B) + round(A / B, 2)", 4.25),
            ("[A-1] * 100 / [A B]", 75),
        ):
            values = {"A": 3, "B": 4, "A-1": 3, "A B": 4}
            self.assertAlmostEqual(Formula(text).evaluate(values), value)

    def test_what_is_no_arithmetic_is_refused(self):
        for text, kind in (
            ("", "empty"),
            ("1" * 251, "long"),
            ("A +", "syntax"),
            ("A; B", "syntax"),
            ("\0", "syntax"),
            ("(" * 240, "syntax"),
            ("__import__('os').system('id')", "function"),
            ("A.__class__", "forbidden"),
            ("[A][0]", "syntax"),
            ("'a' * 9", "forbidden"),
            ("lambda: A", "forbidden"),
            ("A if B else C", "forbidden"),
            ("A and B", "forbidden"),
            ("True", "forbidden"),
            ("1j", "forbidden"),
            ("f'{A}'", "forbidden"),
            ("max(*A)", "forbidden"),
            ("max(A, key=B)", "function"),
            ("eval(A)", "function"),
            ("abs()", "arguments"),
            ("A / (1 - 1)", "division"),
            ("9 ** 9 ** 9 ** 9", "overflow"),
            ("1e999", "overflow"),
            ("(0 - 1) ** 0.5", "undefined"),
        ):
            with self.subTest(text), self.assertRaises(FormulaError) as error:
                Formula(text)
            self.assertEqual(error.exception.kind, kind)

    def test_what_has_no_value_says_why(self):
        for text, kind in (
            ("1 / A", "division"),
            ("(A - 1) ** 0.5", "undefined"),
            ("1e300 ** (A + 2)", "overflow"),
            ("round(1, A + 0.5)", "digits"),
        ):
            with self.subTest(text), self.assertRaises(FormulaError) as error:
                Formula(text).evaluate({"A": 0})
            self.assertEqual(error.exception.kind, kind)

    def test_cycles(self):
        self.assertEqual(find_cycle({"A": {"B"}, "B": {"C"}, "C": set()}), [])
        self.assertEqual(
            find_cycle({"A": {"B"}, "B": {"C"}, "C": {"B"}}), ["B", "C", "B"]
        )


@tagged("post_install", "-at_install")
class TestCalculatedTest(InspectionCase):
    """Values that are worked out from the other readings of an order."""

    def _make_ratio(self, formula="100 * FAT / XDRY", **vals):
        self.dry = self._make_test("Dry matter", code="XDRY")
        self.solids = self._make_test("Fat", code="FAT2")
        return self._make_test(
            "Fat in dry matter",
            code="XFIDM",
            test_type="calculated",
            formula=formula.replace("FAT", "FAT2"),
            **vals,
        )

    def _order(self, *lines):
        group = self._make_group("Calculated", *lines)
        self._associate(group, product_ids=self.product.ids)
        return self._receive_order().with_user(self.inspector)

    def _ratio_order(self):
        ratio = self._make_ratio()
        return self._order(
            {"test_id": ratio.id, "lower_limit": 40, "sequence": 1},
            {"test_id": self.dry.id, "sequence": 2},
            {"test_id": self.solids.id, "sequence": 3, "reading_number": 2},
        )

    def _refused(self, message, function, *arguments, error=ValidationError):
        with self.assertRaises(error) as caught, self.env.cr.savepoint():
            function(*arguments)
        self.assertEqual(str(caught.exception), message)

    def test_it_is_worked_out_as_soon_as_all_is_read(self):
        order = self._ratio_order()
        ratio, dry, fat1, fat2 = order.result_ids
        dry.value = 10
        fat1.value = 4
        self.assertFalse(ratio.is_recorded)
        fat2.value = 5
        self.assertEqual(
            (ratio.value, ratio.verdict, ratio.recorded_by_id),
            (45, "passed", self.inspector),
        )
        fat2.value = 3
        self.assertEqual((ratio.value, ratio.verdict), (35, "failed"))
        self.assertTrue(ratio.is_corrected)
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)
        fat2.value = False
        self.assertFalse(ratio.is_recorded)
        self._refused(
            f"The inspection isn't complete:\n- {order.name}: no reading for Fat #2",
            order.action_validate,
            error=UserError,
        )
        self._refused(
            "These are worked out from other readings: Fat in dry matter. Correct"
            " those.",
            ratio.write,
            {"value": 45},
            error=UserError,
        )

    def test_division_by_zero_is_marked_and_fails(self):
        order = self._ratio_order()
        ratio, dry, fat1, fat2 = order.result_ids
        (fat1 + fat2).value = 4
        dry.value = 0
        self.assertEqual(
            (ratio.problem, ratio.verdict, ratio.value),
            ("division by zero", "failed", False),
        )
        self.assertEqual(ratio._get_value_text(), "division by zero")
        dry.value = 8
        self.assertEqual((ratio.problem, ratio.value), (False, 50))

    def test_formulas_of_formulas(self):
        ratio = self._make_ratio()
        twice = self._make_test(
            "Twice", code="A0", test_type="calculated", formula="2 * XFIDM"
        )
        order = self._order(
            *[{"test_id": one.id} for one in (twice, ratio, self.dry, self.solids)]
        )
        order.result_ids[2:].value = 5
        self.assertEqual(order.result_ids[0].value, 200)

    def test_errors_when_it_is_saved(self):
        ratio = self._make_ratio()
        start = "The formula of [XFIDM] Fat in dry matter has no value: "
        for formula, problem in (
            ("FAT2 / NONE", "there is no test NONE."),
            ("FAT2 / TAST", "this test has no number: TAST."),
            ("FAT2 / 0", "division by zero."),
            ("FAT2 +", "this can't be read: FAT2 +."),
            ("FAT2.real", "only arithmetic is allowed, not: FAT2.real."),
            (
                "exec('1')",
                "exec('1') is none of the functions min, max, avg, abs, round.",
            ),
        ):
            self._refused(start + problem, ratio.write, {"formula": formula})
        other = self._make_test(
            "Other", code="OTH", test_type="calculated", formula="XFIDM * 2"
        )
        for test, formula, cycle in (
            (ratio, "OTH + 1", "OTH → XFIDM → OTH"),
            (other, "OTH + 1", "OTH → OTH"),
        ):
            self._refused(
                f"These tests are calculated from each other in a circle: {cycle}.",
                test.write,
                {"formula": formula},
            )
        self._refused(
            "The code can't be changed, since these tests are calculated from it:"
            " [XFIDM] Fat in dry matter.",
            self.dry.write,
            {"code": "DM"},
            error=UserError,
        )

    def test_a_group_has_what_it_calculates_from(self):
        ratio = self._make_ratio()
        lines = [{"test_id": one.id} for one in (ratio, self.dry, self.solids)]
        start = "Cheese: XFIDM is calculated from tests that have to be in the group,"
        for wrong, codes in ((lines[:2], "FAT2"), ([*lines, lines[1]], "XDRY")):
            self._refused(
                f"{start} each once: {codes}.", self._draft_group, "Cheese", *wrong
            )
        group = self._draft_group("Cheese", *lines)
        self._refused(
            f"{start} each once: FAT2.",
            group.line_ids[2].unlink,
        )

    def test_what_is_in_force_is_not_rewritten(self):
        ratio = self._make_ratio()
        self._make_group(
            "Cheese",
            *[{"test_id": one.id} for one in (ratio, self.dry, self.solids)],
        )
        self._refused(
            "[XFIDM] Fat in dry matter is part of test groups in force, so what it"
            " reads can't be changed: Cheese. Make another test, and new versions"
            " of the groups.",
            ratio.with_user(self.manager).write,
            {"formula": "FAT2 * 2"},
            error=UserError,
        )
        ratio.formula = ratio.formula
