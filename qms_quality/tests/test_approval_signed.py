from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_approval import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalSigned(ApprovalCase):
    """Steps whose approvers sign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # failed tries are counted on a cursor of their own
        cls.registry_enter_test_mode_cls()
        for user in cls.boss | cls.second:
            user.password = user.login

    def _press_and_sign(self, requests, user, secret=None):
        opened = requests.with_user(user).action_approve()
        self.assertEqual(opened["res_model"], "qms.signature.wizard")
        wizard = self.env["qms.signature.wizard"].with_user(user)
        wizard = wizard.browse(opened["res_id"])
        for request in requests:
            self.assertIn(request.record_name, wizard.content_html)
        wizard.meaning_id = self.env.ref("qms_quality.meaning_approved")
        wizard.action_sign({"login": user.login, "secret": secret or user.login})

    def test_an_approver_signs_many_at_once(self):
        self._make_rule(
            {"approver": "user", "user_id": self.boss.id, "needs_signature": True}
        )
        requests = self._ask_release() | self._ask_release(self._make_hold("A-2"))
        with self.assertRaisesRegex(UserError, "not your login"):
            self._press_and_sign(requests, self.boss, "wrong")
        self._press_and_sign(requests, self.boss)
        self.assertEqual(set(requests.mapped("state")), {"used"})
        signatures = self.env["qms.signature"].search(
            [("res_model", "=", requests._name), ("res_id", "in", requests.ids)]
        )
        self.assertEqual(len(signatures), 2)
        self.assertEqual(signatures.user_id, self.boss)
        self.assertEqual(set(signatures.mapped("state")), {"valid"})
        self.assertTrue(all(signatures.mapped("is_spent")))

    def test_each_of_two_signs_for_himself(self):
        step = {"needs_signature": True, "required_count": 1, "approver": "user"}
        self._make_rule(
            {**step, "user_id": self.boss.id}, {**step, "user_id": self.second.id}
        )
        request = self._ask_release()
        self._press_and_sign(request, self.boss)
        self.assertEqual(request.state, "pending")
        self._press_and_sign(request, self.second)
        self.assertEqual(request.state, "used")

    def test_steps_without_it_are_not_signed(self):
        self._make_rule(self.boss)
        request = self._ask_release()
        self._approve(request, self.boss)
        self.assertEqual(request.state, "used")
        self.assertFalse(
            self.env["qms.signature"].search([("res_id", "=", request.id)])
        )

    def test_what_one_signed_allows_nobody_else(self):
        step = {"approver": "user", "user_id": self.boss.id, "needs_signature": True}
        self._make_rule(step)
        request = self._ask_release()
        opened = request.with_user(self.boss).action_approve()
        wizard = self.env["qms.signature.wizard"].browse(opened["res_id"])
        for user in self.second | self.officer:
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_sign({"secret": user.login})
            with self.assertRaises(AccessError):
                request.with_user(user)._qms_guarded("approve", **wizard.arguments)
        self.assertEqual(request.state, "pending")
