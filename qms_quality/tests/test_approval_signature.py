from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_approval import ApprovalCase
from .signing_case import SigningCase


@tagged("post_install", "-at_install", "qms_native")
class TestApprovalSignature(ApprovalCase, SigningCase):
    """Steps that ask who agrees to sign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss.password = cls.boss.login
        cls._make_rule(
            {
                "approver": "user",
                "user_id": cls.boss.id,
                "needs_signature": True,
            }
        )

    def _sign_approval(self, requests, user):
        """Press Approve; return the dialog that asks to sign."""
        opened = requests.with_user(user).action_approve()
        self.assertEqual(opened["res_model"], "qms.signature.wizard")
        return self._dialog(opened, user)

    def test_who_agrees_signs(self):
        request = self._ask_release()
        wizard = self._sign_approval(request, self.boss)
        self.assertEqual(request.state, "pending")
        self.assertIn("Checked", wizard.content_html)
        refusal = self._try_wrong(wizard)
        self.assertIn("Tries left", refusal)
        self.assertEqual(request.state, "pending")
        wizard.action_sign(self._credential(self.boss))
        self.assertEqual(request.state, "used")
        signature = self._signatures(request)
        self.assertEqual(signature.user_id, self.boss)
        self.assertTrue(signature.is_spent)
        self.assertEqual(signature.state, "valid")

    def test_many_at_once_one_signature_each(self):
        requests = self._ask_release(self._make_hold("A-1"))
        requests |= self._ask_release(self._make_hold("A-2"))
        wizard = self._sign_approval(requests, self.boss)
        wizard.action_sign(self._credential(self.boss))
        self.assertEqual(requests.mapped("state"), ["used", "used"])
        for request in requests:
            self.assertEqual(len(self._signatures(request)), 1)

    def test_what_one_signed_allows_nobody_else(self):
        request = self._ask_release()
        wizard = self._sign_approval(request, self.boss)
        arguments = wizard.sudo().arguments
        with self.assertRaises(AccessError):
            request.with_user(self.second)._qms_guarded("approve", **arguments)
        with self.assertRaises(AccessError):
            wizard.with_user(self.second).action_sign(self._credential(self.second))

    def test_rule_for_steps_stays(self):
        rule = self.env.ref("qms_quality.signature_rule_approval_step")
        for change in (
            lambda: rule.with_user(self.officer).write({"group_id": 1}),
            lambda: rule.with_user(self.officer).unlink(),
        ):
            with self.assertRaises(UserError) as refusal:
                change()
            self.assertIn("Change the steps instead", str(refusal.exception))
