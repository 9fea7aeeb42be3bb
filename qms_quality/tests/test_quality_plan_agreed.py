from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_plan import PlanCase
from .signing_case import SigningCase

ACTIVATE = "qms.quality.plan:activate"


class QualityPlanAgreedCase(PlanCase, SigningCase):
    """Small factories for plans that others have to agree to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.approval.rule"].search([]).active = False
        cls.one = cls._judged_group("One", readings=1)

    def _ask_second(self, **vals):
        """Let a rule ask the second manager before plans are put in force."""
        step = {"name": "Agree", "approver": "user", "user_id": self.second.id}
        rules = self.env["qms.approval.rule"].with_user(self.officer)
        return rules.create(
            {
                "name": "Plans",
                "guarded": ACTIVATE,
                "company_id": False,
                "step_ids": [(0, 0, step)],
                **vals,
            }
        )

    def _find(self):
        plans = self.env["qms.quality.plan"]
        return plans._find([(self.company, self.product, None)])[0].with_env(self.env)

    def _activate(self, plan):
        """Press the button as the manager; return the request that it makes."""
        plan.with_user(self.manager).action_activate()
        # what was made until now is no change
        self.env["qms.audit.entry"]._write_pending()
        return self._requests(plan).filtered(lambda one: one.state == "pending")

    def _requests(self, plan):
        return self.env["qms.approval"].search(
            [("res_model", "=", plan._name), ("res_id", "=", plan.id)]
        )

    def _agreed_plan(self, **vals):
        """Return a plan that was agreed to."""
        plan = self._plan(**vals)
        self._activate(plan).with_user(self.second).action_approve()
        self.assertEqual(plan.state, "active")
        return plan


@tagged("post_install", "-at_install")
class TestQualityPlanAgreed(QualityPlanAgreedCase):
    """Where a rule says so, a plan counts and changes only as others have agreed."""

    # -- Putting in force --------------------------------------------------------------

    def test_without_a_rule_a_plan_counts_at_once(self):
        plan = self._plan()
        self.assertEqual((plan.state, plan.is_fixed), ("active", False))
        plan.with_user(self.manager).basis = "one"
        self.assertEqual(self._find(), plan)

    def test_a_plan_waits_until_others_agree(self):
        self._ask_second()
        plan = self._plan(order_auto=True)
        self.assertEqual((plan.state, plan.is_fixed), ("draft", False))
        self.assertFalse(self._find())
        self.assertFalse(self._order_of(self.one).plan_copy_id)
        with self.assertRaises(AccessError):
            plan.with_user(self.inspector).action_activate()
        request = self._activate(plan)
        self.assertEqual(plan.state, "draft")
        self.assertIn(["Validate Orders Automatically", "Yes"], request.content)
        self.assertIn(["Required passed, no others", "Passed"], request.content)
        with self.assertRaises(UserError):
            # who made it can't agree to it
            request.with_user(self.manager).action_approve()
        request.with_user(self.second).action_approve()
        self.assertEqual(plan.state, "active")
        self.assertEqual(self._find(), plan)
        self.assertEqual(self._order_of(self.one, "L2").plan_copy_id.plan_id, plan)
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", plan._name), ("res_id", "=", plan.id)]
        )
        self.assertIn("activate", entries.mapped("event"))

    def test_a_change_of_a_draft_voids_what_was_asked(self):
        self._ask_second()
        timetable = self.env["qms.reinspection.plan"].create(
            {"name": "Monthly", "line_ids": [(0, 0, {"days": 30})]}
        )
        plan = self._plan()
        mine = plan.with_user(self.manager)
        for change in (
            {"cell_pass_fail": "on_hold"},
            {"product_id": False},
            {"timetable_ids": [(0, 0, {"timetable_id": timetable.id})]},
            {"timetable_ids": [(5, 0, 0)]},
            {"timetable_ids": [(0, 0, {"timetable_id": timetable.id})]},
        ):
            request = self._activate(plan)
            mine.write(change)
            self.env["qms.audit.entry"]._write_pending()
            self.assertEqual(request.state, "void", change)
        request = self._activate(plan)
        # an interval is part of what is agreed to, too
        timetable.line_ids.days = 1
        request.with_user(self.second).action_approve()
        self.assertEqual(plan.state, "draft")

    def test_a_signature_puts_in_force(self):
        self._rule(ACTIVATE, "qms_quality.group_quality_manager")
        plan = self._plan()
        self.assertEqual(plan.state, "draft")
        self._sign(plan, self.second, "activate")
        self.assertEqual(plan.state, "active")

    def test_a_rule_about_other_plans_asks_nothing(self):
        self._ask_second(filter_domain=f"[('product_id', '=', {self.untracked.id})]")
        plan = self._plan()
        self.assertEqual((plan.state, plan.is_fixed), ("active", False))
        with self.assertRaises(UserError) as error:
            plan.with_user(self.manager).product_id = self.untracked
        self.assertEqual(
            str(error.exception),
            "Changes of these quality plans have to be agreed to: P · Salt. Make a new"
            " version, and put it in force.",
        )

    def test_nobody_writes_the_state(self):
        self._ask_second()
        plan = self._plan().with_user(self.manager)
        for attempt in (
            lambda: plan.write({"state": "active"}),
            lambda: plan.create({"code": "Q", "name": "Q", "state": "retired"}),
            lambda: plan.with_context(default_state="retired").create(
                {"code": "Q", "name": "Q", "state": "draft"}
            ),
        ):
            with self.assertRaises(AccessError) as error:
                attempt()
            self.assertEqual(
                str(error.exception),
                "The state of a quality plan is set by its buttons only.",
            )
        made = plan.with_context(default_state="active").create(
            {"code": "Q", "name": "Q"}
        )
        self.assertEqual(made.state, "draft")

    # -- Changing what is in force -----------------------------------------------------

    def test_what_is_in_force_stays_as_it_is(self):
        self._ask_second()
        timetable = self.env["qms.reinspection.plan"].create(
            {"name": "Monthly", "line_ids": [(0, 0, {"days": 30})]}
        )
        line = (0, 0, {"timetable_id": timetable.id})
        plan = self._agreed_plan(timetable_ids=[line]).with_user(self.manager)
        self.assertTrue(plan.is_fixed)
        lines = plan.timetable_ids
        text = (
            "Changes of these quality plans have to be agreed to: P · Milk. Make a new"
            " version, and put it in force."
        )
        for attempt in (
            lambda: plan.write({"basis": "one"}),
            lambda: plan.write({"product_id": self.untracked.id}),
            lambda: plan.write({"timetable_ids": [(5, 0, 0)]}),
            lambda: lines.write({"warehouse_id": self.warehouse.id}),
            lambda: lines.unlink(),
            lambda: lines.create(
                {
                    "plan_id": plan.id,
                    "timetable_id": timetable.id,
                    "warehouse_id": self.warehouse.id,
                }
            ),
        ):
            with self.assertRaises(UserError) as error, self.env.cr.savepoint():
                attempt()
            self.assertEqual(str(error.exception), text)
        own = timetable.with_user(self.manager)
        for attempt in (
            lambda: own.write({"late_hold": True}),
            lambda: own.line_ids.write({"days": 1}),
            lambda: own.line_ids.create({"plan_id": own.id, "days": 1}),
            lambda: own.line_ids.unlink(),
        ):
            with self.assertRaises(UserError) as error, self.env.cr.savepoint():
                attempt()
            self.assertEqual(
                str(error.exception),
                "Changes of these quality plans have to be agreed to: P · Milk. Make"
                " another timetable, and new versions that go by it, instead of"
                " changing: Monthly.",
            )
        # out of use without asking
        plan.active = False
        self.assertFalse(self._find())

    def test_the_form_shows_what_stays(self):
        self._ask_second()
        plan = self._agreed_plan()
        form = Form(plan.with_user(self.manager))
        for name in ("code", "basis", "cell_pass_fail"):
            with self.assertRaisesRegex(AssertionError, "readonly"):
                setattr(form, name, plan[name])

    def test_a_new_version_takes_the_place_of_the_old_one(self):
        self._ask_second()
        plan = self._agreed_plan(code="MILK")
        order = self._order_of(self.one)
        action = plan.with_user(self.manager).action_new_version()
        draft = self.env["qms.quality.plan"].browse(action["res_id"])
        self.assertEqual((draft.state, draft.code), ("draft", "MILK"))
        self.assertEqual(
            plan.with_user(self.manager).action_new_version()["res_id"], draft.id
        )
        draft.with_user(self.manager).order_basis = "one"
        request = self._activate(draft)
        self.assertEqual(self._find(), plan)
        request.with_user(self.second).action_approve()
        self.assertEqual((draft.state, plan.state), ("active", "retired"))
        self.assertFalse(plan.active)
        self.assertEqual(self._find(), draft)
        self.assertEqual(order.plan_copy_id.order_basis, "all")
        later = self._order_of(self.one, "L2")
        self.assertEqual(later.plan_copy_id.order_basis, "one")
        with self.assertRaises(UserError) as error:
            plan.with_user(self.manager).basis = "one"
        self.assertEqual(
            str(error.exception),
            "These quality plans were replaced, and stay as they are: MILK · Milk.",
        )

    # -- Other programs ----------------------------------------------------------------

    def test_programs_wait_as_well(self):
        self._ask_second()
        self.product.default_code = "MILK-1"
        program = self._make_user(
            "qms_program", "qms_quality.group_quality_plan_program"
        )
        plans = self.env["qms.quality.plan"].with_user(program)
        waits = "The plan counts when those have agreed whom a rule asks."
        answer = plans.add_quality_plan("A", "MILK-1", values={"basis": "one"})
        self.assertEqual(answer["plan"]["state"], "draft")
        self.assertIn(waits, answer["warnings"])
        plan = self.env["qms.quality.plan"].browse(answer["plan"]["id"])
        self._requests(plan).with_user(self.second).action_approve()
        self.assertEqual(plan.state, "active")
        answer = plans.update_quality_plan("A", "MILK-1", values={"basis": "last"})
        draft = self.env["qms.quality.plan"].browse(answer["plan"]["id"])
        self.assertEqual((draft.state, draft.basis), ("draft", "last"))
        self.assertIn(waits, answer["warnings"])
        shown = plans.get_quality_plan("A", "MILK-1")["plan"]
        self.assertEqual((shown["id"], shown["basis"]), (plan.id, "one"))
        # another change of the same draft asks anew
        self.env["qms.audit.entry"]._write_pending()
        first = self._requests(draft)
        answer = plans.update_quality_plan("A", "MILK-1", values={"order_auto": True})
        self.assertEqual(answer["plan"]["id"], draft.id)
        self.assertEqual(answer["plan"]["basis"], "last")
        self.assertEqual(first.state, "void")
        (self._requests(draft) - first).with_user(self.second).action_approve()
        shown = plans.get_quality_plan("A", "MILK-1")["plan"]
        self.assertEqual(
            (shown["id"], shown["state"], shown["order_auto"]),
            (draft.id, "active", True),
        )
        self.assertEqual(plans.list_quality_plans("A")["total"], 1)
        plans.delete_quality_plan("A", "MILK-1")
        self.assertEqual(plans.list_quality_plans("A")["total"], 0)
