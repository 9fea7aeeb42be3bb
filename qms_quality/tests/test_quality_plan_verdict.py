from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_plan import PlanCase


@tagged("post_install", "-at_install")
class TestQualityPlanVerdict(PlanCase):
    """Edge cases of how readings become verdicts, in the order they are entered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls._judged_group("Both", 1, 1)
        cls.one = cls._judged_group("One", 1, 0)
        cls.optional = cls._judged_group("Optional", 0, 1)

    def _validate(self, order):
        order.with_user(self.inspector).action_validate()

    def _refused(self, order):
        with self.assertRaises(UserError) as error:
            self._validate(order)
        return str(error.exception)

    # -- Bases -------------------------------------------------------------------------

    def test_a_test_may_have_a_basis_of_its_own(self):
        """One test asks for all its readings, the others do as the plan says."""
        self._plan(basis="one")
        group = self._make_group(
            "Mixed",
            {"test_id": self.judged.id, "reading_number": 3},
            {
                "test_id": self.judged_2.id,
                "reading_number": 3,
                "own_basis": True,
                "basis": "all",
            },
        )
        order = self._order_of(group)
        self._read(order, self.judged, None, True)
        self._read(order, self.judged_2, None, True, True)
        self.assertEqual(order.test_ids.mapped("verdict"), ["passed", False])
        self.assertIn("Mixed: no reading for Colour #1", self._refused(order))
        self._read(order, self.judged_2, True)
        self._validate(order)
        self.assertEqual(order.verdict, "passed")

    def test_the_last_reading_is_enough_with_a_gap_before(self):
        self._plan(basis="last")
        order = self._order_of(self.one)
        self._read(order, self.judged, True, None)
        self.assertEqual(order.spec_ids.verdict, "not_tested")
        self._read(order, self.judged, None, None, True)
        self.assertEqual(order.spec_ids.verdict, "passed")

    def test_each_serial_number_has_to_be_complete(self):
        product = self._make_product("Pump", tracking="serial")
        self._plan(product_id=product.id, basis="one")
        self._associate(self.one, product_ids=product.ids)
        order = self._orders(self._receive(["S1", "S2"], product))
        first, second = order.lot_ids
        results = order.result_ids.with_user(self.inspector)
        results.filtered(lambda one: one.lot_id == first)[1].outcome = "pass"
        self.assertEqual(order.spec_ids.verdict, "not_tested")
        results.filtered(lambda one: one.lot_id == second)[2].outcome = "pass"
        self.assertEqual(order.spec_ids.verdict, "passed")

    def test_a_value_that_stands_for_all_waits_for_all(self):
        self._plan(basis="one")
        group = self._make_group(
            "Average",
            {
                "test_id": self.fat.id,
                "lower_limit": 3.5,
                "reading_number": 2,
                "determination": "average",
            },
        )
        order = self._order_of(group)
        readings = order.result_ids.filtered(lambda one: not one.is_final)
        readings = readings.with_user(self.inspector)
        readings[0].value = 3
        self.assertEqual(order.spec_ids.verdict, "not_tested")
        readings[1].value = 5
        self.assertEqual(order.spec_ids.verdict, "passed")

    # -- Nothing releases but a pass ---------------------------------------------------

    def test_on_hold_never_releases(self):
        for basis in ("all", "one_required", "one"):
            plan = self._plan(
                code=basis,
                order_basis=basis,
                order_auto=True,
                cell_pass_fail="on_hold",
            )
            order = self._order_of(self.both | self.one, f"L-{basis}")
            self._read(order, self.judged_2, False, False, False)
            for line in order.test_ids.filtered("required"):
                line.result_ids.with_user(self.inspector).outcome = "pass"
            self.assertEqual(order.state, "open", basis)
            self.assertTrue(self._held(order), basis)
            self.assertEqual(
                self._refused(order),
                "The inspection isn't complete:\n"
                f"- {order.name}: Both is on hold (Required passed, others failed)",
            )
            plan.active = False

    def test_an_order_without_specifications_never_passes(self):
        for basis in ("all", "one_required", "one"):
            plan = self._plan(code=basis, order_basis=basis, order_auto=True)
            order = self._order_of(self.env["qms.test.group"], f"L-{basis}")
            self.assertIn("it has no tests. Add a test group.", self._refused(order))
            order._follow_plan()
            self.assertEqual(order.state, "draft")
            plan.active = False

    def test_a_specification_without_tests_never_passes(self):
        self._plan(order_basis="all", order_auto=True)
        empty = self._make_group(
            "Later", {"test_id": self.judged.id, "date_from": "2090-01-01"}
        )
        order = self._order_of(self.one | empty)
        order.result_ids.with_user(self.inspector).outcome = "pass"
        self.assertEqual(order.state, "open")
        self.assertIn("Later is not tested (no tests)", self._refused(order))

    def test_without_any_required_test_that_basis_passes_nothing(self):
        self._plan(order_basis="one_required", order_auto=True)
        order = self._order_of(self.optional)
        order.result_ids.with_user(self.inspector).outcome = "pass"
        self.assertEqual(order.spec_ids.verdict, "passed")
        self.assertEqual(order.state, "open")
        self.assertIn(
            "by its quality plan P a specification with a required test has to pass,"
            " and none has one. Add a test group with a required test.",
            self._refused(order),
        )

    def test_the_strictest_of_two_orders_governs_their_lot(self):
        self._plan(order_auto=True)
        order = self._order_of(self.one)
        other = order.with_user(self.inspector).create(
            {
                "product_id": self.product.id,
                "lot_ids": order.lot_ids.ids,
                "test_group_ids": self.one.ids,
            }
        )
        order.result_ids.with_user(self.inspector).outcome = "pass"
        self.assertEqual(order.verdict, "passed")
        self.assertEqual(order.lot_ids.inspection_status_id, self.under_inspection)
        self._read(other, self.judged, False)
        self.assertEqual(other.state, "open")
        self._read(other, self.judged, None, True, True)
        self.assertEqual(other.verdict, "failed")
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)

    # -- Later readings ----------------------------------------------------------------

    def test_a_later_reading_that_fails_takes_the_pass_back(self):
        self._plan(basis="one", order_auto=True)
        order = self._order_of(self.one)
        lot = order.lot_ids
        self._read(order, self.judged, True)
        self.assertEqual(self._status(order), ("validated", "passed", ["passed"]))
        self.assertEqual(lot.inspection_status_id, self.available)
        self._read(order, self.judged, None, True)
        self.assertEqual(order.verdict, "passed")
        self._read(order, self.judged, None, None, False)
        self.assertEqual(self._status(order), ("validated", "failed", ["failed"]))
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", order._name), ("res_id", "=", order.id)]
        )
        self.assertIn("reopen", entries.mapped("event"))

    def test_a_pass_that_is_taken_back_waits_for_a_person(self):
        self._plan(basis="one")
        order = self._order_of(self.one)
        self._read(order, self.judged, True)
        self._validate(order)
        self._read(order, self.judged, None, False)
        self.assertEqual(self._status(order), ("open", False, ["failed"]))
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)
        self.assertEqual(order.activity_ids.user_id, self.inspector)
        self.assertEqual(
            order.activity_ids.summary, "What came after the verdict says otherwise"
        )

    def test_what_was_read_before_the_verdict_stays(self):
        self._plan(basis="one")
        order = self._order_of(self.one)
        self._read(order, self.judged, True)
        self._validate(order)
        with self.assertRaises(UserError):
            self._read(order, self.judged, False)
        rows = [{"order": order.name, "test": "ODOU", "value": "pass"}]
        order.with_user(self.inspector).record_readings(rows)
        self.assertEqual(order.recorded_count, 2)

    def test_failed_orders_take_no_readings(self):
        self._plan(basis="one", order_auto=True)
        order = self._order_of(self.one)
        self._read(order, self.judged, False)
        self.assertEqual(order.verdict, "failed")
        with self.assertRaises(UserError):
            self._read(order, self.judged, None, True)

    # -- Only what the plan says ------------------------------------------------------

    def test_nothing_is_validated_by_itself_unless_the_plan_says_so(self):
        self._plan()
        order = self._order_of(self.one)
        order.result_ids.with_user(self.inspector).outcome = "pass"
        self.assertEqual(self._status(order), ("open", False, ["passed"]))

    # -- Statuses that a person sets ---------------------------------------------------

    def test_an_inspector_sets_the_status(self):
        self._plan(spec_auto=False, order_auto=True)
        order = self._order_of(self.one)
        order.result_ids.with_user(self.inspector).outcome = "pass"
        spec = order.spec_ids
        self.assertEqual(spec.verdict, "not_tested")
        self.assertIn("One: set its status", self._refused(order))
        with self.assertRaises(AccessError):
            spec.with_user(self.clerk).action_pass()
        spec.with_user(self.inspector).action_hold()
        self.assertEqual(self._status(order), ("open", False, ["on_hold"]))
        spec.with_user(self.inspector).action_pass()
        self.assertEqual(self._status(order), ("validated", "passed", ["passed"]))
        with self.assertRaises(UserError):
            spec.with_user(self.inspector).action_fail()

    def test_the_table_is_not_overruled_by_the_buttons(self):
        self._plan()
        order = self._order_of(self.one)
        with self.assertRaises(UserError) as error:
            order.spec_ids.with_user(self.inspector).action_pass()
        self.assertEqual(
            str(error.exception),
            "The status of these specifications comes from their tests: One.",
        )

    def test_readings_that_fail_take_back_what_a_person_set(self):
        self._plan(spec_auto=False, basis="one")
        order = self._order_of(self.one)
        spec = order.spec_ids
        self._read(order, self.judged, True)
        spec.with_user(self.inspector).action_pass()
        self._read(order, self.judged, None, True)
        self.assertEqual(spec.verdict, "passed")
        self._read(order, self.judged, None, None, False)
        self.assertEqual(spec.verdict, "not_tested")
        self._read(order, self.judged, None, None, True)
        spec.with_user(self.inspector).action_pass()
        self._read(order, self.judged, False)
        self.assertEqual(spec.verdict, "not_tested")

    # -- Accepted failures, and tables that fail without a failed reading --------------

    def test_a_failure_that_is_accepted_counts_as_passed(self):
        self._plan()
        order = self._order_of(
            self._judged_group("Lenient", action_on_failure="accept")
        )
        order.result_ids.with_user(self.inspector).outcome = "fail"
        self.assertEqual(order.spec_ids.verdict, "passed")

    def test_a_table_can_fail_what_was_not_tested(self):
        self._plan(cell_pass_untested="failed")
        order = self._order_of(self.both)
        self._read(order, self.judged, True, True, True)
        self._validate(order)
        self.assertEqual(order.verdict, "failed")
        self.assertEqual(
            order.hold_ids.filtered(lambda one: one.state == "open").reason,
            "Inspection failed: Both (Required passed, others not complete)",
        )

    def test_the_table_as_it_comes_is_what_orders_do_without_a_plan(self):
        plan = self._plan()
        for number, readings in enumerate(
            ((True, False), (True, None), (False, True), (None, True), (None, None))
        ):
            verdicts = []
            for active in (True, False):
                plan.active = active
                order = self._order_of(self.both, f"L{number}{active}")
                self._read(order, self.judged, *[readings[0]] * 3)
                self._read(order, self.judged_2, *[readings[1]] * 3)
                verdicts.append(order.spec_ids.verdict)
            self.assertIn(
                tuple(verdicts),
                {("passed", "passed"), ("failed", "failed"), ("not_tested", False)},
            )
