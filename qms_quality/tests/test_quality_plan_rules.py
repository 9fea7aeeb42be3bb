from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_plan import PlanCase
from .signing_case import VALIDATE, SigningCase


@tagged("post_install", "-at_install")
class TestQualityPlanRules(PlanCase, SigningCase):
    """What happens by itself never passes a rule about signatures or approvals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.approval.rule"].search([]).active = False
        cls.one = cls._judged_group("One", 1, 0)

    def _read_all(self, order, outcome="pass"):
        order.result_ids.with_user(self.inspector).outcome = outcome

    def test_a_signature_is_asked_for(self):
        self._rule()
        self._plan(order_auto=True)
        order = self._order_of(self.one)
        self._read_all(order)
        self.assertEqual(order.state, "open")
        self.assertTrue(self._held(order))
        self.assertIn("to be signed by 1 of Inspector", order.qms_signing_text)
        self._sign(order, self.inspector)
        self.assertEqual(order.verdict, "passed")
        self.assertFalse(self._held(order))

    def test_nothing_is_added_to_what_was_signed(self):
        self._rule()
        self._plan(basis="one")
        order = self._order_of(self.one)
        self._read(order, self.judged, True)
        self._sign(order, self.inspector)
        self.assertEqual(order.verdict, "passed")
        with self.assertRaises(UserError) as error:
            self._read(order, self.judged, None, False)
        self.assertIn("A quality manager can reopen them", str(error.exception))

    def test_an_approval_is_asked_for(self):
        step = {"name": "Agree", "approver": "user", "user_id": self.second.id}
        self.env["qms.approval.rule"].create(
            {
                "name": "Release",
                "guarded": VALIDATE,
                "company_id": False,
                "step_ids": [(0, 0, {"group_id": self._managers().id, **step})],
            }
        )
        self._plan(order_auto=True)
        order = self._order_of(self.one)
        self._read_all(order)
        self.assertEqual(order.state, "open")
        approval = self.env["qms.approval"].search([("res_id", "=", order.id)])
        self.assertEqual(approval.state, "pending")
        self.assertEqual(approval.activity_ids.user_id, self.second)
        approval.with_user(self.second).action_approve()
        self.assertEqual(order.verdict, "passed")
        self.assertFalse(self._held(order))

    def _managers(self):
        return self.env.ref("qms_quality.group_quality_manager")

    def test_a_reason_for_change_is_given_by_the_plan(self):
        rules = self.env["qms.reason.rule"].with_user(self.officer)
        model = self.env["ir.model"]._get("qms.quality.order")
        for event in ("validate", "reopen"):
            rules.create({"model_id": model.id, "kind": "action", "event": event})
        self._plan(order_auto=True, basis="one")
        order = self._order_of(self.one)
        self._read(order, self.judged, True)
        self.assertEqual(order.verdict, "passed")
        self._read(order, self.judged, None, False, None)
        self.assertEqual(order.verdict, "failed")
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", order._name), ("res_id", "=", order.id)]
        )
        reasons = set(entries.mapped("reason"))
        self.assertIn("By the quality plan", reasons)
        self.assertIn("What came after the verdict says otherwise", reasons)
