from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestSamplingFeed(SamplingCase):
    """Tests that count defects feed the counts of their class."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dents = cls._make_count("Dents", "major")
        cls.stains = cls._make_count("Stains", "minor")
        cls.counts = cls._make_group(
            "Looks", {"test_id": cls.dents.id}, {"test_id": cls.stains.id}
        )

    @classmethod
    def _make_count(cls, name, defect_class):
        vals = {"code": f"FEED-{name}", "defect_class": defect_class}
        return cls._make_test(name, test_type="attribute", **vals)

    def _order(self, quantity=200, group=None, **vals):
        """Receive a lot that is sampled: letter G, 32 units."""
        vals = {"aql_major": "2.5", "aql_minor": "4.0", **vals}
        plan = self._make_plan("z14", **vals)
        rule = self._sample_by(plan, group=group or self.counts)
        order = self._orders(self._receive(["A"], quantity=quantity))
        rule.active = False
        return order

    def _line(self, order, name):
        return order.defect_ids.filtered(lambda one: one.defect_class == name)

    def _read(self, order, test, *values):
        """Enter counts of defects, 0 for the other units."""
        results = order.result_ids.filtered(
            lambda result: result.test_id == test and not result.is_recorded
        )
        for number, result in enumerate(results.with_user(self.inspector)):
            result.value = values[number] if number < len(values) else 0

    def _validate(self, order):
        self._line(order, "critical").with_user(self.inspector).found1 = 0
        order.with_user(self.inspector).action_validate()
        return order.verdict

    def test_readings_of_the_sample_are_the_counts(self):
        order = self._order()
        self.assertEqual(len(order.result_ids), 2)
        self._read(order, self.dents, 2)
        major, minor = self._line(order, "major"), self._line(order, "minor")
        self.assertEqual((major.found1, major.verdict), (2, "passed"))
        self.assertIs(minor.found1, False)
        self._read(order, self.stains)
        self.assertEqual((minor.found1, minor.verdict), (0, "passed"))
        # within the acceptance number of the class, not of the test
        self.assertEqual(set(order.result_ids.mapped("verdict")), {"passed"})
        self.assertEqual(self._validate(order), "passed")

    def test_rejected_by_the_class(self):
        order = self._order()
        self._read(order, self.dents, 3)
        self.assertEqual(order.state, "open")
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)
        self._read(order, self.stains)
        self.assertEqual(self._validate(order), "failed")
        hold = order.hold_ids.filtered(lambda hold: hold.state == "open")
        text = "Lot rejected: Major: 3 found in 32, rejected at 3"
        self.assertEqual(hold.reason, text)
        self.assertEqual(self._line(order, "major").severity_id.lot_ids.found, 3)

    def test_a_correction_is_counted(self):
        order = self._order()
        self._read(order, self.dents, 3)
        result = order.result_ids.filtered(lambda one: one.test_id == self.dents)
        result.with_user(self.inspector).value = 1
        self.assertEqual(self._line(order, "major").found1, 1)
        result.with_user(self.inspector).value = False
        self.assertIs(self._line(order, "major").found1, False)

    def test_nothing_is_entered_twice(self):
        order = self._order()
        line = self._line(order, "major").with_user(self.inspector)
        with self.assertRaises(UserError) as error:
            line.found1 = 1
        self.assertEqual(
            str(error.exception),
            f"{order.name}, Major: the defects are counted by the readings of Dents."
            " Enter or correct them there.",
        )
        self._read(order, self.stains)
        with self.assertRaises(UserError) as error:
            self._validate(order)
        self.assertIn("no reading for Dents", str(error.exception))

    def test_defective_units_count_once(self):
        """Two kinds of defects on a unit make one defective unit, but count apart."""
        cracks = self._make_count("Cracks", "major")
        group = self._make_group(
            "Units", {"test_id": self.dents.id}, {"test_id": cracks.id}
        )
        for count_as, found in (("units", 2), ("defects", 4)):
            with self.subTest(count_as=count_as):
                order = self._order(
                    group=group, reading_scope="unit", count_as=count_as
                )
                self.assertEqual(len(order.result_ids), 64)
                self._read(order, self.dents, 2, 1)
                self.assertIs(self._line(order, "major").found1, False)
                self._read(order, cracks, 1)
                self.assertEqual(self._line(order, "major").found1, found)

    def test_second_sample(self):
        """Double sampling, letter G, AQL 2.5: 20 units, 0 and 3, then 20 more, 3."""
        order = self._order(double_sampling=True, reading_scope="unit")
        major = self._line(order, "major")
        self.assertEqual((major.size1, major.accept1, major.reject1), (20, 0, 3))
        self._read(order, self.dents, 1)
        self.assertEqual((major.found1, order.sample_stage), (1, 2))
        with self.assertRaises(UserError):
            major.with_user(self.inspector).found2 = 0
        self._read(order, self.dents, 1, 1)
        self.assertEqual((major.found1, major.found2), (1, 2))
        self.assertEqual(major.verdict, "passed")

    def test_second_sample_read_as_a_whole_is_counted_by_hand(self):
        order = self._order(double_sampling=True)
        major = self._line(order, "major")
        self._read(order, self.dents, 1)
        self.assertEqual(order.sample_stage, 2)
        major.with_user(self.inspector).found2 = 3
        self.assertEqual((major.found1, major.verdict), (1, "failed"))
        self._read(order, self.stains)
        self.assertEqual((major.found1, major.found2), (1, 3))

    def test_class_without_an_aql_is_judged_by_the_test(self):
        order = self._order(aql_minor=False)
        self._read(order, self.stains, 1)
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)
        self._read(order, self.dents)
        self.assertEqual(self._validate(order), "failed")

    def test_severity_switched_before_the_start(self):
        order = self._order()
        severity = self._line(order, "major").severity_id
        severity.with_user(self.manager).action_switch("tightened", "Claims")
        major = self._line(order, "major")
        self.assertEqual(major.severity, "tightened")
        test = order.test_ids.filtered(lambda one: one.test_id == self.dents)
        self.assertEqual(test.acceptable_number, major.reject1 - 1)
