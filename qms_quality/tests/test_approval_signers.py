from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import MANAGER
from .common_approval import ApprovalCase
from .rpc_case import JsonClient, Refused, XmlClient

APPROVE = "qms.approval:approve"
FORGED = {
    "qms_sentinel": True,
    "default_is_spent": True,
    "install_mode": True,
    "active_test": False,
}


@tagged("post_install", "-at_install")
class TestApprovalSigners(ApprovalCase, HttpCase):
    """Signature rules about approving: so many people agree, and each signs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # failed tries are counted on a cursor of their own
        if not cls._registry_patched:
            cls.registry_enter_test_mode_cls()
        cls.env["qms.signature.rule"].search([]).active = False
        cls.third = cls._make_user("qms_third", MANAGER)
        cls.people = cls.manager | cls.second | cls.third | cls.boss | cls.officer
        cls.passwords = {user: user.login for user in cls.people}
        for user in cls.people:
            user.password = user.login
        cls.approved = cls.env.ref("qms_quality.meaning_approved")
        cls.reviewed = cls.env.ref("qms_quality.meaning_reviewed")

    def _make_signature_rule(self, count=2, **vals):
        rules = self.env["qms.signature.rule"].with_user(self.officer)
        return rules.create(
            {
                "guarded": APPROVE,
                "group_id": self.managers.id,
                "signature_count": count,
                "company_id": False,
                **vals,
            }
        )

    def _open(self, request, user):
        """Press *Approve*; return the dialog that opens."""
        opened = request.with_user(user).action_approve()
        self.assertEqual(opened["res_model"], "qms.signature.wizard")
        wizard = self.env["qms.signature.wizard"].with_user(user)
        return wizard.browse(opened["res_id"])

    def _sign(self, request, user, meaning=None):
        wizard = self._open(request, user)
        wizard.meaning_id = meaning or self.approved
        wizard.action_sign({"login": user.login, "secret": user.login})

    def _get_signers(self, request):
        domain = [("res_model", "=", request._name), ("res_id", "=", request.id)]
        return self.env["qms.signature"].search(domain).user_id

    # -- Two of the group --------------------------------------------------------------

    def test_the_step_asks_for_one_and_the_rule_for_two(self):
        self._make_rule()
        self._make_signature_rule()
        hold = self._make_hold()
        request = self._ask_release(hold)
        self._sign(request, self.second)
        self.assertEqual((request.state, hold.state), ("pending", "open"))
        step = request.step_id
        self.assertEqual(step.asked_text, "1 of Quality manager to sign")
        self.assertIn("1 of Quality manager to sign", hold.qms_approval_info)
        self.assertIn(self.third, self._get_asked(request))
        self.assertNotIn(self.second | self.manager, self._get_asked(request))
        waiting = self.env["qms.approval"].with_user(self.third)
        self.assertEqual(waiting.search([("waits_for_me", "=", True)]), request)
        self._sign(request, self.third)
        self.assertEqual((request.state, hold.state), ("used", "released"))
        self.assertEqual(self._get_signers(request), self.second | self.third)
        self.assertEqual(request.vote_ids.user_id, self.second | self.third)

    def test_two_who_are_asked_sign_their_own_votes(self):
        self._make_rule({"required_count": 2})
        self._make_signature_rule()
        request = self._ask_release()
        self._sign(request, self.second)
        self._sign(request, self.third)
        self.assertEqual(request.state, "used")
        self.assertEqual(self._get_signers(request), self.second | self.third)

    def test_who_is_not_of_the_group_agrees_and_others_sign(self):
        self._make_rule(self.boss)
        self._make_signature_rule()
        request = self._ask_release()
        request.with_user(self.boss).action_approve()
        self.assertEqual(request.state, "pending")
        self.assertEqual(request.step_id.asked_text, "2 of Quality manager to sign")
        self._sign(request, self.second)
        self.assertEqual(request.step_id.asked_text, "1 of Quality manager to sign")
        self._sign(request, self.third)
        self.assertEqual(request.state, "used")
        self.assertEqual(self._get_signers(request), self.second | self.third)
        self.assertEqual(len(request.vote_ids), 3)

    def test_votes_of_all_steps_count(self):
        self._make_rule(self.second, self.third)
        self._make_signature_rule()
        request = self._ask_release()
        self._sign(request, self.second)
        self.assertEqual(request.step_id.name, self.third.name)
        self._sign(request, self.third)
        self.assertEqual(request.state, "used")

    def test_the_step_and_the_rule_take_one_signature(self):
        step = {"approver": "user", "user_id": self.second.id, "needs_signature": True}
        self._make_rule(step)
        self._make_signature_rule(1)
        request = self._ask_release()
        self._sign(request, self.second)
        self.assertEqual(request.state, "used")

    def test_each_signs_what_is_missing(self):
        """Two rules with a meaning each: the second signer gives the other one."""
        self._make_rule()
        self._make_signature_rule(1, meaning_ids=[Command.set(self.approved.ids)])
        self._make_signature_rule(1, meaning_ids=[Command.set(self.reviewed.ids)])
        request = self._ask_release()
        self._sign(request, self.second)
        wizard = self._open(request, self.third)
        self.assertEqual(wizard.allowed_meaning_ids, self.reviewed)
        self._sign(request, self.third, self.reviewed)
        self.assertEqual(request.state, "used")

    # -- What counts for nothing -------------------------------------------------------

    def test_one_person_does_not_sign_twice(self):
        self._make_rule(allow_repeat=True)
        self._make_signature_rule()
        request = self._ask_release()
        self._sign(request, self.second)
        with self.assertRaisesRegex(AccessError, "you have decided on it already"):
            request.with_user(self.second).action_approve()
        with self.assertRaisesRegex(AccessError, "you asked for it"):
            request.with_user(self.manager).action_approve()

    def test_nobody_signs_in_the_place_of_another(self):
        self._make_rule()
        self._make_signature_rule()
        request = self._ask_release()
        self._sign(request, self.second)
        today = request.date_requested.date()
        self.env["qms.approval.substitute"].with_user(self.third).create(
            {"user_id": self.third.id, "substitute_id": self.boss.id, "date_to": today}
        )
        refusal = "Agree is for 1 of Quality manager to sign."
        with self.assertRaisesRegex(AccessError, refusal):
            request.with_user(self.boss).action_approve()
        with self.assertRaises(UserError) as refused:
            self._delegate(request, self.third, self.boss)
        self.assertEqual(
            str(refused.exception),
            f"{request.name} waits for signatures of 1 of Quality manager to sign, as"
            " its signature rule says: that can't be passed on.",
        )

    def test_missing_signatures_are_not_escalated(self):
        self._make_rule({"escalation_days": 1, "escalation_user_id": self.boss.id})
        self._make_signature_rule()
        request = self._ask_release()
        self._sign(request, self.second)
        self.env.flush_all()
        self.env.cr.execute("UPDATE qms_approval SET date_due = '2020-01-01'")
        self.env.invalidate_all()
        self.env.ref("qms_quality.cron_escalate_approvals").method_direct_trigger()
        self.assertFalse(request.step_id.is_escalated)

    def test_who_left_the_group_does_not_count(self):
        self._make_rule()
        self._make_signature_rule()
        request = self._ask_release()
        self._sign(request, self.second)
        self.second.group_ids -= self.managers
        self._sign(request, self.third)
        self.assertEqual(request.state, "pending")

    def test_a_rejection_ends_it(self):
        self._make_rule()
        self._make_signature_rule()
        request = self._ask_release()
        self._sign(request, self.second)
        self._reject(request, self.third)
        self.assertEqual(request.state, "rejected")

    # -- Over the wire -----------------------------------------------------------------

    def _clients(self, *users):
        return [kind(self, user) for user in users for kind in (XmlClient, JsonClient)]

    def assertRefused(self, call, *args, **named):
        before = self._get_state()
        with self.assertRaises(Refused):
            call(*args, **named)
        self.assertEqual(self._get_state(), before)

    def _get_state(self):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = []
        for query in (
            "SELECT id, state FROM qms_hold",
            "SELECT id, state, step_id FROM qms_approval",
            "SELECT * FROM qms_approval_step_signer_rel",
            "SELECT id, user_id, decision FROM qms_approval_vote",
            "SELECT id, user_id, is_spent FROM qms_signature",
        ):
            self.env.cr.execute(f"{query} ORDER BY 1")
            rows.append(self.env.cr.fetchall())
        return rows

    def test_nobody_else_gives_the_second_signature(self):
        self._make_rule()
        self._make_signature_rule()
        hold = self._make_hold()
        request = self._ask_release(hold)
        self._sign(request, self.second)
        step = request.step_id
        for client in self._clients(self.second, self.manager, self.boss):
            self.assertRefused(
                client, "qms.approval", "action_approve", request.ids, FORGED
            )
            self.assertRefused(
                client, "qms.hold", "action_qms_approve", hold.ids, FORGED
            )
            for vals in (
                {"signer_group_ids": [[5]]},
                {"signer_group_ids": [[6, 0, self.env.ref("base.group_user").ids]]},
                {"state": "approved"},
            ):
                self.assertRefused(client, step._name, "write", step.ids, vals=vals)
            self.assertRefused(
                client,
                "qms.approval",
                "write",
                request.ids,
                FORGED,
                vals={"step_ids": [[1, step.id, {"signer_group_ids": [[5]]}]]},
            )

    def test_the_dialog_of_one_signs_for_nobody_else(self):
        self._make_rule()
        self._make_signature_rule()
        request = self._ask_release()
        dialog = self._open(request, self.third)
        dialog.meaning_id = self.approved
        self._sign(request, self.second)
        others = self.second | self.manager | self.boss
        for client in self._clients(*others):
            for login in (self.third | others).mapped("login"):
                self.assertRefused(
                    client,
                    dialog._name,
                    "action_sign",
                    dialog.ids,
                    FORGED,
                    credential={"login": login, "secret": login},
                )
        for client in self._clients(self.third):
            for method in ("_agree", "_await_signers"):
                self.assertRefused(client, "qms.approval", method, request.ids)
            client("qms.approval", "action_approve", request.ids, FORGED)
            self.assertEqual(request.state, "pending")

    def test_two_users_sign_over_the_wire(self):
        self._make_rule()
        self._make_signature_rule()
        hold = self._make_hold()
        request = self._ask_release(hold)
        for user, state in ((self.second, "pending"), (self.third, "used")):
            client = JsonClient(self, user)
            opened = client("qms.approval", "action_approve", request.ids)
            ids = [opened["res_id"]]
            vals = {"meaning_id": self.approved.id}
            client("qms.signature.wizard", "write", ids, vals=vals)
            client(
                "qms.signature.wizard",
                "action_sign",
                ids,
                credential={"login": user.login, "secret": user.login},
            )
            self.env.invalidate_all()
            self.assertEqual(request.state, state)
        self.assertEqual(hold.state, "released")
