"""Random criteria and values: the judge, its twin in SQL, and an independent model."""

from datetime import date, timedelta

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, seed, settings

from odoo.fields import Command, Domain
from odoo.tests import tagged

from odoo.addons.qms_quality.models.gate.transaction import Goods
from odoo.addons.qms_quality.models.requirement.card.goods_facts import GoodsFacts
from odoo.addons.qms_quality.tests.common_requirement import RequirementCase

from .requirement_model import meets, thousandths
from .timecap import rounds

ORDERED = ("=", "!=", "between", ">=", "<=", "exists")
LISTED = ("=", "!=", "in", "not in", "exists")
OPERATORS = {
    "text": LISTED,
    "integer": ORDERED,
    "decimal": ORDERED,
    "date": ORDERED,
    "boolean": ("=", "!=", "exists"),
    "option": LISTED,
    "country": LISTED,
}
FIRST_DAY = date(2026, 2, 25)
LOTS = 6
VALUES = {
    "text": st.sampled_from(["A", "a", "A B", "ä", "x,y", "%", "'"]),
    "integer": st.integers(-3, 6).map(lambda number: thousandths(number * 1000)),
    # near enough to one another that tolerances decide
    "decimal": st.integers(-40, 60).map(lambda number: thousandths(number * 25)),
    "date": st.integers(0, 6).map(lambda days: FIRST_DAY + timedelta(days)),
    "boolean": st.booleans(),
    "option": st.integers(0, 2),
    "country": st.integers(0, 2),
}
TOLERANCES = st.sampled_from([0, 0, 25, 50, 100, 1000]).map(thousandths)


@st.composite
def questions(draw):
    """Draw a criterion: ``(type, operator, wanted values, tolerance)``."""
    kind = draw(st.sampled_from(sorted(OPERATORS)))
    operator = draw(st.sampled_from(OPERATORS[kind]))
    count = {"between": (2, 2), "in": (1, 3), "not in": (1, 3)}.get(operator, (1, 1))
    values = VALUES[kind]
    wanted = draw(
        st.lists(values, min_size=count[0], max_size=count[1], unique=count[0] == 1)
    )
    if operator == "between":
        wanted.sort()
    is_number = kind in ("integer", "decimal")
    return kind, operator, tuple(wanted), draw(TOLERANCES) if is_number else 0


@st.composite
def cases(draw):
    """Draw criteria, and what is recorded of each lot for each type."""
    asked = draw(st.lists(questions(), min_size=1, max_size=4))
    recorded = [
        {kind: draw(st.none() | values) for kind, values in VALUES.items()}
        for _lot in range(LOTS)
    ]
    return asked, recorded


@tagged("post_install", "-at_install")
class TestRequirementProperty(RequirementCase):
    """See the module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.attributes = {
            "text": cls.remark,
            "integer": cls.germs,
            "decimal": cls._make_attribute("Random figure", "decimal"),
            "date": cls.harvest,
            "boolean": cls.organic,
            "option": cls.grade,
            "country": cls.origin,
        }
        cls.options = list(cls.grade.option_ids)
        cls.countries = [cls.new_zealand, cls.chile, cls.env.ref("base.de")]
        cls.some_lots = cls.env["stock.lot"].create(
            [{"name": f"R-{n}", "product_id": cls.product.id} for n in range(LOTS)]
        )
        for lot in cls.some_lots:
            cls._stock_up(1, lot=lot)

    def test_judge_and_twin_agree_with_the_model(self):
        examples = settings(suppress_health_check=list(HealthCheck))
        for number in rounds(20):
            seed(number)(examples(given(cases())(self._check)))()

    def _check(self, case):
        asked, recorded = case
        # undone after each example
        with self.env.cr.savepoint() as savepoint:
            self._record_all(recorded)
            criteria = self._make_criteria(asked)
            self.env.flush_all()
            self._compare(asked, recorded, criteria)
            savepoint.rollback()
        self.env.invalidate_all()

    def _record_all(self, recorded):
        self.env["qms.lot.attribute"]._qms_record(
            [
                {
                    "lot_id": lot.id,
                    "attribute_id": self.attributes[kind].id,
                    "value": self._to_odoo(kind, value),
                    "source": "test",
                }
                for lot, values in zip(self.some_lots, recorded, strict=True)
                for kind, value in values.items()
                if value is not None
            ]
        )

    def _to_odoo(self, kind, value):
        if kind in ("integer", "decimal"):
            return float(value)
        if kind == "option":
            return self.options[value]
        return self.countries[value] if kind == "country" else value

    def _make_criteria(self, asked):
        card = self.env["qms.qrs"].create(
            {
                "code": "PROPERTY",
                "description": "Random",
                "line_ids": [
                    Command.create(
                        {
                            "applies_to": "all",
                            "criterion_ids": [
                                Command.create(self._prepare(*question))
                                for question in asked
                            ],
                        }
                    )
                ],
            }
        )
        return card.line_ids.criterion_ids

    def _prepare(self, kind, operator, wanted, tolerance):
        values = {
            "attribute_id": self.attributes[kind].id,
            "operator": operator,
            "tolerance": float(tolerance),
        }
        if operator == "exists":
            return values
        if kind == "text":
            return {**values, "value_text": ";".join(wanted)}
        names = {
            "boolean": ("value_boolean",),
            "date": ("value_date", "value_date_to"),
            "option": ("option_ids",),
            "country": ("country_ids",),
        }.get(kind, ("value_number", "value_number_to"))
        given_values = [self._to_odoo(kind, value) for value in wanted]
        if kind in ("option", "country"):
            given_values = [[Command.set([one.id for one in given_values])]]
        return {**values, **dict(zip(names, given_values, strict=False))}

    def _compare(self, asked, recorded, criteria):
        empty = self.env["stock.package"]
        goods = [Goods(self.product, lot, self.stock, empty) for lot in self.some_lots]
        judged = criteria._qms_judge(GoodsFacts(self.env, goods))
        meeting_all = set(range(LOTS))
        for question, criterion in zip(asked, criteria, strict=True):
            kind, operator, wanted, tolerance = question
            expected = [
                meets(kind, operator, wanted, values[kind], tolerance)
                for values in recorded
            ]
            found = [judged[criterion, one].state for one in goods]
            self.assertEqual(found, expected, (criterion.expected, recorded))
            meeting = {n for n, state in enumerate(expected) if state == "met"}
            self.assertEqual(self._reserve(criterion), meeting, criterion.expected)
            meeting_all &= meeting
        self.assertEqual(self._reserve(criteria), meeting_all)

    def _reserve(self, criteria):
        """Return the numbers of the lots that reservation would find."""
        domain = criteria._qms_get_quant_domain()
        domain &= Domain("lot_id", "in", self.some_lots.ids)
        domain &= Domain("location_id", "=", self.stock.id)
        lots = self.env["stock.quant"].search(domain).lot_id
        return {n for n, lot in enumerate(self.some_lots) if lot in lots}
