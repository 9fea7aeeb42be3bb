from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestSamplingZ14Order(SamplingCase):
    """Orders by ANSI/ASQ Z1.4: defects are counted by class, and decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visual = cls._make_group("Visual")
        cls.plan = cls._make_z14("Single")

    @classmethod
    def _make_z14(cls, name, **vals):
        values = {"name": name, "aql_major": "2.5", "aql_minor": "4.0", **vals}
        return cls._make_plan("z14", **values)

    def _order(self, plan=None, quantity=200, lot="A", group=None, **vals):
        if not self.env["qms.quality.association"].search_count([]):
            self._sample_by(plan or self.plan, group=group or self.visual, **vals)
        return self._orders(self._receive([lot], quantity=quantity))

    def _numbers(self, order):
        return {
            d.defect_class: (d.severity, d.size1, d.accept1, d.reject1)
            for d in order.defect_ids
        }

    def test_one_aql_for_each_class(self):
        """Level II, 200 units: letter G. A critical defect without an AQL rejects."""
        order = self._order()
        self.assertEqual(
            self._numbers(order),
            {
                "critical": ("normal", 32, 0, 1),
                "major": ("normal", 32, 2, 3),
                "minor": ("normal", 32, 3, 4),
            },
        )
        self.assertEqual(order.sample_quantity, 32)
        self.assertEqual(len(order.unit_ids), 32)
        self.assertEqual(
            order.defect_ids.filtered(lambda d: d.defect_class == "major").instruction,
            "Take 32, accept up to 2, reject at 3",
        )

    def test_arrows_change_the_sample(self):
        """AQL 0.65 at letter G leads to F: 20 units; the largest sample is taken."""
        order = self._order(self._make_z14("Arrows", aql_major="0.65"))
        self.assertEqual(self._numbers(order)["major"], ("normal", 20, 0, 1))
        self.assertEqual(self._numbers(order)["minor"], ("normal", 32, 3, 4))
        self.assertEqual(len(order.unit_ids), 32)
        line = order.defect_ids.filtered(lambda d: d.defect_class == "major")
        self.assertEqual((line.letter, line.plan_letter), ("G", "F"))

    def test_whole_lot(self):
        order = self._order(quantity=5, lot="B")
        self.assertEqual(self._numbers(order)["major"], ("normal", 5, 0, 1))
        self.assertFalse(order.unit_ids)

    def _validate(self, order):
        order.with_user(self.inspector).action_validate()
        return order.verdict

    def test_accepted(self):
        order = self._order()
        self._count_defects(order, major=2, minor=3)
        self.assertEqual(order.state, "open")
        self.assertEqual(self._validate(order), "passed")
        self.assertEqual(order.lot_ids.inspection_status_id, self.available)

    def test_rejected(self):
        for found, text in (
            ({"major": 3}, "Major: 3 found in 32, rejected at 3"),
            ({"critical": 1}, "Critical: 1 found in 32, rejected at 1"),
        ):
            order = self._order(lot=text)
            self._count_defects(order, **found)
            self.assertEqual(self._validate(order), "failed")
            self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)
            hold = order.hold_ids.filtered(lambda hold: hold.state == "open")
            self.assertEqual(hold.reason, f"Lot rejected: {text}")

    def test_rejected_without_a_test_group(self):
        """No group says in which status: the lot is put on hold, not set free."""
        lot = self._make_lot("A")
        order = self.env["qms.quality.order"].with_user(self.inspector)
        order = order.create(
            {
                "product_id": self.product.id,
                "lot_ids": lot.ids,
                "quantity": 200,
                "sampling_plan_id": self.plan.id,
            }
        )
        self._count_defects(order, major=10)
        self.assertEqual(self._validate(order), "failed")
        self.assertEqual(lot.inspection_status_id, self.on_hold)

    def test_asked_for_and_rejected(self):
        """The count that rejects a lot holds it: nobody waits for the validation."""
        lot = self._make_lot("A")
        order = self.env["qms.quality.order"].with_user(self.inspector)
        order = order.create(
            {
                "product_id": self.product.id,
                "lot_ids": lot.ids,
                "quantity": 200,
                "sampling_plan_id": self.plan.id,
                "hold_goods": False,
            }
        )
        self._count_defects(order, major=10)
        self.assertEqual(lot.inspection_status_id, self.on_hold)

    def test_counts_are_missing(self):
        order = self._order()
        order.defect_ids.filtered(lambda d: d.defect_class != "major").with_user(
            self.inspector
        ).found1 = 0
        with self.assertRaises(UserError) as error:
            self._validate(order)
        self.assertEqual(
            str(error.exception),
            "The inspection isn't complete:\n"
            f"- {order.name}: Major: count the defects found",
        )

    def test_readings_decide_too(self):
        order = self._order(group=self.weights)
        self._count_defects(order)
        with self.assertRaises(UserError):
            self._validate(order)
        self._fill(order, fail=True)
        self.assertEqual(self._validate(order), "failed")
        self.assertEqual(
            order.hold_ids.filtered(lambda hold: hold.state == "open").reason,
            "Inspection failed: Weight: 3.90 kg (4.00 – 6.00 kg)",
        )

    def test_defects_decide_where_readings_pass(self):
        order = self._order(group=self.weights)
        self._count_defects(order, major=3)
        self._fill(order)
        self.assertEqual(self._validate(order), "failed")
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)

    def test_wrong_counts(self):
        order = self._order()
        major = order.defect_ids.filtered(lambda d: d.defect_class == "major")
        major = major.with_user(self.inspector)
        for count in (-1, 1.5, 33, float("nan"), float("inf"), 1e20):
            with self.subTest(count=count), self.assertRaises(ValidationError):
                major.found1 = count
                self.env.flush_all()
        with self.assertRaises(ValidationError) as error:
            major.found1 = 33
        self.assertEqual(
            str(error.exception),
            "Major: 33 defective units can't be found in a sample of 32.",
        )

    def test_defects_may_be_more_than_units(self):
        order = self._order(self._make_z14("Count", aql_major="65", count_as="defects"))
        self._count_defects(order, major=40)
        self.assertEqual(self._numbers(order)["major"][1:], (20, 21, 22))
        self.assertEqual(self._validate(order), "failed")

    def test_correcting_a_count_keeps_the_earlier_one(self):
        order = self._order()
        self._count_defects(order, major=3)
        major = order.defect_ids.filtered(lambda d: d.defect_class == "major")
        major.with_user(self.inspector).found1 = 1
        self.assertEqual(major.verdict, "passed")
        entry = self.env["qms.audit.entry"].search(
            [("res_model", "=", major._name), ("event", "=", "correct")]
        )
        self.assertEqual(
            (entry.old_value, entry.new_value, entry.user_id),
            ("3", "1", self.inspector),
        )

    def test_a_validated_order_is_not_counted_anew(self):
        order = self._order()
        self._count_defects(order)
        self._validate(order)
        with self.assertRaises(UserError):
            order.defect_ids[0].with_user(self.inspector).found1 = 5

    def test_counting_in_the_form(self):
        order = self._order()
        with Form(order.with_user(self.inspector)) as form:
            for index in range(3):
                with form.defect_ids.edit(index) as line:
                    line.found1 = 0
        self.assertEqual(set(order.defect_ids.mapped("verdict")), {"passed"})

    # -- Double sampling ---------------------------------------------------------------

    def _double(self):
        plan = self._make_z14("Double", double_sampling=True, aql_minor=False)
        order = self._order(plan)
        return order, order.defect_ids.filtered(lambda d: d.defect_class == "major")

    def test_first_sample_decides(self):
        order, major = self._double()
        self.assertEqual(
            major.instruction,
            "Take 20, accept up to 0, reject at 3; in between take 20 more, accept up"
            " to 3, reject at 4",
        )
        self.assertEqual(len(order.unit_ids), 20)
        self._count_defects(order)
        self.assertEqual(self._validate(order), "passed")

    def test_second_sample(self):
        order, major = self._double()
        first = order.unit_ids.mapped("number")
        self._count_defects(order, major=2)
        self.assertTrue(major.needs_second)
        self.assertEqual((order.sample_stage, order.sample_quantity), (2, 40))
        self.assertEqual(order.unit_ids.mapped("number")[:20], first)
        self.assertEqual(len(set(order.unit_ids.mapped("number"))), 40)
        self.assertEqual(order.unit_ids.mapped("stage"), [1] * 20 + [2] * 20)
        self.assertTrue(order._is_repeatable())
        with self.assertRaises(UserError) as error:
            self._validate(order)
        self.assertEqual(
            str(error.exception),
            "The inspection isn't complete:\n- "
            f"{order.name}: Major: count the defects in the second sample of 20",
        )
        major.with_user(self.inspector).found2 = 2
        self.assertEqual(self._validate(order), "failed")
        self.assertEqual(
            order._get_failure_text(),
            "Lot rejected: Major: 4 found in 40, rejected at 4",
        )

    def test_second_sample_accepts(self):
        order, major = self._double()
        self._count_defects(order, major=2)
        major.with_user(self.inspector).found2 = 1
        self.assertEqual(self._validate(order), "passed")

    def test_a_corrected_count_takes_the_second_sample_back(self):
        order, major = self._double()
        self._count_defects(order, major=2)
        major.with_user(self.inspector).found1 = 0
        self.assertEqual((order.sample_stage, len(order.unit_ids)), (1, 20))
        self.assertEqual(self._validate(order), "passed")

    def test_units_of_the_second_sample_are_read(self):
        plan = self._make_z14("Double", double_sampling=True, reading_scope="unit")
        order = self._order(plan, group=self.weights)
        before = order.result_ids
        self._count_defects(order, major=2)
        self.assertEqual(len(order.result_ids), len(order.unit_ids))
        self.assertEqual(
            (order.result_ids - before).unit_id, order.unit_ids[len(before) :]
        )

    def test_serial_numbers_by_the_table(self):
        self._sample_by(self.plan, self.serial, group=self.visual)
        names = [f"S{i:03}" for i in range(60)]
        order = self._orders(self._receive(names, product=self.serial))
        self.assertEqual(self._numbers(order)["major"][1:], (20, 1, 2))
        self.assertEqual(len(order.unit_ids.lot_id), 20)
        self.assertEqual(order.unit_ids.lot_id & order.lot_ids, order.unit_ids.lot_id)
