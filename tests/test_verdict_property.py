"""Random tests and readings: every verdict equals that of an independent evaluation."""

from fractions import Fraction

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, seed, settings

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.qms_quality.tests.common_inspection import InspectionCase

from .timecap import rounds
from .verdict_model import Spec, decide, is_fatal, judge, ratio

HALVES = st.integers(-6, 12).map(lambda number: Fraction(number, 2))
FIELDS = {"pass_fail": "outcome", "qualitative": "outcome_id"}


@st.composite
def specs(draw, kinds=("quantitative", "attribute", "pass_fail", "qualitative")):
    """Draw a test."""
    kind = draw(st.sampled_from(kinds))
    vals = {"required": draw(st.booleans()), "counts": draw(st.booleans())}
    if kind == "quantitative":
        limits = sorted(draw(st.lists(HALVES, min_size=2, max_size=2)))
        vals["lower"] = draw(st.sampled_from([None, limits[0]]))
        vals["upper"] = draw(st.sampled_from([None, limits[1]]))
    if kind in ("quantitative", "attribute"):
        vals["number"] = draw(st.integers(1, 3))
        hows = ["every", "average", "minimum", "maximum"]
        vals["how"] = draw(st.sampled_from(hows if vals["number"] > 1 else hows[:1]))
        vals["acceptable"] = draw(st.integers(0, 3))
    return Spec(kind, **vals)


@st.composite
def inspections(draw):
    """Draw what is inspected, and what is read: ``(tests, [(test, number, value)])``.

    The last test is calculated from the first two.
    """
    specified = draw(st.lists(specs(("quantitative",)), min_size=2, max_size=2))
    specified += draw(st.lists(specs(), max_size=3))
    specified.append(
        Spec("calculated", upper=draw(HALVES), required=draw(st.booleans()))
    )
    cells = [
        (index, number)
        for index, test in enumerate(specified[:-1])
        for number in range(test.number)
    ]
    order = draw(st.permutations(cells))
    again = draw(st.lists(st.sampled_from(cells), max_size=3))
    left = draw(st.sampled_from([0, 0, 0, 1, 2]))
    read = [*order[left:], *(cell for cell in again if cell in order[left:])]
    return specified, [(*cell, draw(_values(specified[cell[0]]))) for cell in read]


def _values(test):
    if test.kind == "quantitative":
        return HALVES
    return st.integers(0, 4) if test.kind == "attribute" else st.booleans()


@tagged("post_install", "-at_install")
class TestVerdictProperty(InspectionCase):
    """See the module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.variable = cls.env["qms.test.variable"].create(
            {
                "name": "Colour",
                "outcome_ids": [
                    (0, 0, {"name": "Good", "verdict": "passed"}),
                    (0, 0, {"name": "Bad", "verdict": "failed"}),
                ],
            }
        )
        cls.made = [cls._make_kinds(index) for index in range(5)]
        cls.made.append(
            {
                "calculated": cls._make_test(
                    "Ratio", code="RATIO", test_type="calculated", formula="Q0 / Q1"
                )
            }
        )

    @classmethod
    def _make_kinds(cls, index):
        extra = {
            "quantitative": {},
            "attribute": {"defect_class": "major"},
            "pass_fail": {},
            "qualitative": {"variable_id": cls.variable.id},
        }
        return {
            kind: cls._make_test(
                f"{kind} {index}",
                code=f"{'L' if kind == 'qualitative' else kind[0].upper()}{index}",
                test_type=kind,
                **vals,
            )
            for kind, vals in extra.items()
        }

    def test_verdicts(self):
        examples = []
        for number in rounds(20):

            @seed(number)
            @settings(
                max_examples=4,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(inspections())
            def check(drawn):
                with self.env.cr.savepoint() as savepoint:
                    examples.append(self._check(*drawn))
                    savepoint.rollback()
                self.env.invalidate_all(flush=False)

            check()
        self.assertEqual(set(examples), {"passed", "failed", "refused"})

    def _make_order(self, specified):
        places = [*range(len(specified) - 1), -1]
        lines = [
            {
                "test_id": self.made[place][test.kind].id,
                "lower_limit": False if test.lower is None else float(test.lower),
                "upper_limit": False if test.upper is None else float(test.upper),
                "acceptable_number": test.acceptable,
                "reading_number": test.number,
                "determination": test.how,
                "required": test.required,
                "action_on_failure": "fail" if test.counts else "accept",
            }
            for place, test in zip(places, specified, strict=True)
        ]
        group = self._make_group("Property", *lines)
        lot = self._make_lot("PROPERTY")
        return (
            self.env["qms.quality.order"]
            .with_user(self.inspector)
            .create(
                {
                    "product_id": self.product.id,
                    "lot_ids": lot.ids,
                    "test_group_ids": group.ids,
                }
            )
        )

    def _write(self, order, specified, index, number, value):
        test = specified[index]
        results = order.test_ids[index].result_ids.filtered(lambda r: not r.is_final)
        field = FIELDS.get(test.kind, "value")
        if field == "outcome":
            value = "pass" if value else "fail"
        elif field == "outcome_id":
            value = self.variable.outcome_ids[0 if value else 1].id
        results[number].write({field: value if test.kind in FIELDS else float(value)})

    def _judge(self, specified, readings):
        verdicts = [
            judge(test, read) for test, read in zip(specified, readings, strict=False)
        ]
        pairs = list(zip(specified, readings, strict=False))[:2]
        value = ratio(*pairs)
        if value is None:
            return [*verdicts, None]
        failed = value is False or value > specified[-1].upper
        return [*verdicts, "failed" if failed else "passed"]

    def _check(self, specified, read):
        order = self._make_order(specified)
        readings = [[None] * test.number for test in specified[:-1]]
        was_fatal = False
        for index, number, value in read:
            self._write(order, specified, index, number, value)
            readings[index][number] = value
            verdicts = self._judge(specified, readings)
            self.assertEqual(
                [verdict or None for verdict in order.test_ids.mapped("verdict")],
                verdicts,
            )
            was_fatal = was_fatal or is_fatal(specified, verdicts)
            status = self.on_hold if was_fatal else self.under_inspection
            self.assertEqual(order.lot_ids.inspection_status_id, status)
        verdicts = self._judge(specified, readings)
        return self._check_end(order, specified, readings, verdicts)

    def _check_end(self, order, specified, readings, verdicts):
        complete = any(value is not None for read in readings for value in read)
        for test, taken, verdict in zip(
            specified, [*readings, [verdicts[-1]]], verdicts, strict=True
        ):
            if test.required and (None in taken or verdict is None):
                complete = False
        if not complete:
            with self.assertRaises(UserError):
                order.action_validate()
            return "refused"
        order.action_validate()
        self.assertEqual(order.verdict, decide(specified, verdicts))
        passed = order.verdict == "passed"
        status = self.available if passed else self.on_hold
        self.assertEqual(order.lot_ids.inspection_status_id, status)
        return order.verdict
