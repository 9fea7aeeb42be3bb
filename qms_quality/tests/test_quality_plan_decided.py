from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_plan import PlanCase
from .common_sampling import SamplingCase
from .signing_case import VALIDATE, SigningCase


@tagged("post_install", "-at_install")
class TestQualityPlanDecided(PlanCase, SamplingCase, SigningCase):
    """What people decide on an order stays theirs, and is what others agree to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.approval.rule"].search([]).active = False
        cls.one = cls._judged_group("One", readings=1)
        cls.three = cls._judged_group("Three")

    def _by_hand(self, **vals):
        return self._plan(spec_auto=False, **vals)

    def _mine(self, record):
        return record.with_user(self.inspector)

    # -- Orders that count defects -----------------------------------------------------

    def _counted(self, group, **plan):
        """Return an order whose defects are within what its sampling plan accepts."""
        self._by_hand(**plan)
        sampling = self._make_plan("z14", aql_major="2.5", aql_minor="4.0")
        sampling.reading_scope = "sample"
        self._sample_by(sampling, group=group)
        return self._orders(self._receive(["A"], quantity=200))

    def test_a_hold_stops_orders_that_count_defects(self):
        """Also where nothing is read: counts alone would pass the lot."""
        order = self._counted(self._make_group("Visual"), order_auto=True)
        self._mine(order.spec_ids).action_hold()
        self._mine(order.defect_ids).write({"found1": 0})
        self.assertEqual(self._status(order), ("open", False, ["on_hold"]))
        with self.assertRaises(UserError) as error:
            self._mine(order).action_validate()
        self.assertEqual(
            str(error.exception),
            "The inspection isn't complete:\n"
            f"- {order.name}: Visual is on hold (no tests)",
        )
        self._mine(order.spec_ids).action_fail()
        self.assertEqual(self._status(order), ("validated", "failed", ["failed"]))
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)

    def test_an_override_stops_orders_that_count_defects_without_a_plan(self):
        order = self._counted(self._make_group("Visual"), active=False)
        self.assertFalse(order.plan_copy_id)
        order.with_user(self.manager).action_override(
            "spec", order.spec_ids.id, "failed", "Smells of petrol"
        )
        self._mine(order.defect_ids).write({"found1": 0})
        self._mine(order).action_validate()
        self.assertEqual(order.verdict, "failed")

    # -- Readings and what a person decided --------------------------------------------

    def test_a_reading_takes_back_a_pass_only(self):
        self._by_hand(basis="one")
        for verdict, left in (
            ("failed", "failed"),
            ("on_hold", "on_hold"),
            ("passed", "not_tested"),
        ):
            order = self._order_of(self.three, f"L-{verdict}")
            self._read(order, self.judged, True)
            order.with_user(self.manager).action_override(
                "spec", order.spec_ids.id, verdict, "Seen by myself"
            )
            self._read(order, self.judged, None, False)
            self.assertEqual(order.spec_ids.verdict, left)
            # nor does a correction
            self._read(order, self.judged, None, True)
            self.assertEqual(order.spec_ids.verdict, left)

    def test_an_override_is_not_changed_by_the_buttons(self):
        self._by_hand()
        order = self._order_of(self.one)
        self._read(order, self.judged, True)
        order.with_user(self.manager).action_override(
            "spec", order.spec_ids.id, "failed", "Smells of petrol"
        )
        for press in ("action_pass", "action_not_tested"):
            with self.assertRaises(UserError) as error:
                getattr(self._mine(order.spec_ids), press)()
            self.assertEqual(
                str(error.exception),
                "A quality manager overrode the status of: One. Only another override"
                " changes it.",
            )
        order.with_user(self.manager).action_override(
            "spec", order.spec_ids.id, "not_tested", "Was a mistake"
        )
        self._mine(order.spec_ids).action_pass()
        self.assertEqual(order.spec_ids.verdict, "passed")

    # -- What is approved and signed ---------------------------------------------------

    def _ask(self, order):
        """Ask for the approval of the order's verdict; return the request."""
        step = {"name": "Agree", "approver": "user", "user_id": self.second.id}
        self.env["qms.approval.rule"].create(
            {
                "name": "Verdicts",
                "guarded": VALIDATE,
                "company_id": False,
                "step_ids": [(0, 0, step)],
            }
        )
        self._mine(order).action_validate()
        # what was made until now is no change
        self.env["qms.audit.entry"]._write_pending()
        return self.env["qms.approval"].search([("res_id", "=", order.id)])

    def test_an_approval_is_about_the_verdict(self):
        self._by_hand()
        order = self._order_of(self.one)
        self._read(order, self.judged, True)
        self._mine(order.spec_ids).action_fail()
        request = self._ask(order)
        self.assertEqual(request.state, "pending")
        self._mine(order.spec_ids).action_pass()
        self.env["qms.audit.entry"]._write_pending()
        self.assertEqual(request.state, "void")
        self.assertEqual((order.state, bool(self._held(order))), ("open", True))

    def test_an_approval_is_about_when_a_test_is_complete(self):
        self._plan(change_rule="always")
        order = self._order_of(self.one)
        self._read(order, self.judged, True)
        request = self._ask(order)
        order.test_ids.with_user(self.manager).write(
            {"own_basis": True, "basis": "one"}
        )
        self.env["qms.audit.entry"]._write_pending()
        self.assertEqual(request.state, "void")

    def test_an_approval_is_about_what_was_overridden(self):
        self._plan()
        order = self._order_of(self.one)
        self._read(order, self.judged, True)
        request = self._ask(order)
        order.with_user(self.manager).action_override(
            "test", order.test_ids.id, "passed", "Read again"
        )
        self.env["qms.audit.entry"]._write_pending()
        self.assertEqual(request.state, "void")

    def test_a_signature_is_about_the_verdict(self):
        self._rule()
        self._by_hand()
        order = self._order_of(self.one)
        self._read(order, self.judged, True)
        self._mine(order.spec_ids).action_fail()
        dialog = self._open_dialog(order, self.inspector)
        self._mine(order.spec_ids).action_pass()
        message = self._try_wrong(dialog, secret=self.inspector.login)
        self.assertIn("changed", message)
        self.assertEqual(order.state, "open")
        self._sign(order, self.inspector)
        self.assertEqual(order.verdict, "passed")
        self.assertIn(
            ["One", "Passed (set by a person)"], self._signatures(order).content
        )

    # -- Before shipment ---------------------------------------------------------------

    def test_an_override_before_shipment_holds(self):
        self._plan(pre_ship=True)
        order = self._order_of(self.one)
        self.assertFalse(self._held(order))
        order.with_user(self.manager).action_override(
            "spec", order.spec_ids.id, "failed", "Smells of petrol"
        )
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)

    # -- Lots that were split since ----------------------------------------------------

    def _passed(self):
        self._plan(basis="one", order_auto=True)
        order = self._order_of(self.three)
        self._read(order, self.judged, True)
        self.assertEqual(order.verdict, "passed")
        return order

    def test_taking_back_a_pass_holds_what_was_split_off(self):
        order = self._passed()
        child = order.lot_ids._qms_split(4, self.stock)
        grandchild = child._qms_split(1, self.stock)
        lots = order.lot_ids | child | grandchild
        self.assertEqual(lots.inspection_status_id, self.available)
        self._read(order, self.judged, None, False)
        self.assertEqual(order.verdict, "failed")
        for lot in lots:
            self.assertEqual(lot.inspection_status_id, self.on_hold)

    def test_reopening_holds_what_was_split_off(self):
        order = self._passed()
        child = order.lot_ids._qms_split(4, self.stock)
        order.with_user(self.manager).action_reopen()
        self.assertEqual(child.inspection_status_id, self.under_inspection)

    def test_parts_that_were_accepted_stay_free(self):
        self._plan(basis="one")
        order = self._order_of(self.three)
        self._read(order, self.judged, True)
        quant = order._get_held_quants()
        order.with_user(self.manager).action_accept_part(quant.id, 4, "Fine by me")
        accepted = order.lot_ids.child_lot_ids
        self._mine(order).action_validate()
        other = order.lot_ids._qms_split(2, self.stock)
        self._read(order, self.judged, None, False)
        self.assertEqual(accepted.inspection_status_id, self.available)
        self.assertEqual(other.inspection_status_id, self.on_hold)

    # -- Passing by hand is no override ------------------------------------------------

    def test_only_what_was_read_is_passed_by_hand(self):
        self._by_hand()
        empty = self._make_group("Visual")
        order = self._order_of(self.one | empty)
        read, unread = order.spec_ids.sorted("name")
        for spec, why in (
            (read, "One (Required not complete, no others)"),
            (unread, "Visual (no tests)"),
        ):
            with self.assertRaises(UserError) as error:
                self._mine(spec).action_pass()
            self.assertEqual(
                str(error.exception),
                "The readings of these specifications don't let them pass:\n"
                f"- {why}\n"
                "Finish the readings, or have a quality manager override the status.",
            )
        self._read(order, self.judged, False)
        with self.assertRaises(UserError) as error:
            self._mine(read).action_pass()
        self.assertIn("- One (Required failed, no others)", str(error.exception))
        order.with_user(self.manager).action_override(
            "spec", read.id, "passed", "Concession 17"
        )
        self.assertEqual(read.verdict, "passed")

    # -- Bad input ---------------------------------------------------------------------

    def test_specifications_without_their_keys(self):
        order = self._order_of(self.one)
        specs = self._mine(order.spec_ids)
        other = self._make_group("Other").id
        for vals in (
            {},
            {"order_id": order.id},
            {"test_group_id": other},
            {"order_id": "x", "test_group_id": other},
            {"order_id": order.id, "test_group_id": [1]},
        ):
            with self.assertRaises(UserError) as error:
                specs.create([vals])
            self.assertEqual(
                str(error.exception),
                "A specification needs its quality order and its test group, by their"
                " ids.",
            )
