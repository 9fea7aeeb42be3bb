from contextlib import suppress

from odoo import fields
from odoo.tests import tagged

from .common_approval import ApprovalCase
from .rpc_case import JsonClient, Refused, RpcCase

MODELS = ("qms.approval", "qms.approval.step", "qms.approval.vote")
FORGED = {
    "qms_sentinel": True,
    "install_mode": True,
    "import_file": True,
    "mail_activity_automation_skip": True,
    "active_test": False,
    "tracking_disable": True,
}


@tagged("post_install", "-at_install")
class TestApprovalRpc(ApprovalCase, RpcCase):
    """What a client may not do about approvals, over both of Odoo's protocols."""

    state_queries = (
        "SELECT id, state, requester_id, step_id, content_hash, arguments::text"
        " FROM qms_approval",
        "SELECT id, state, group_id, required_count, is_escalated, needs_signature"
        " FROM qms_approval_step",
        "SELECT * FROM qms_approval_step_user_rel",
        "SELECT id, step_id, user_id, decision FROM qms_approval_vote",
        "SELECT id, state FROM qms_hold",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")
        cls._set_passwords(
            cls.boss
            | cls.inspector
            | cls.manager
            | cls.second
            | cls.officer
            | cls.admin
        )
        cls._make_rule(cls.boss)

    def setUp(self):
        super().setUp()
        self.hold = self._make_hold()
        self.request = self._ask_release(self.hold)

    def test_who_asked_does_not_approve(self):
        for client in self._clients(self.manager):
            for method in ("action_approve", "action_reject", "action_delegate"):
                self.assertRefused(
                    client, "qms.approval", method, self.request.ids, FORGED
                )
            self.assertRefused(
                client, "qms.hold", "action_qms_approve", self.hold.ids, FORGED
            )

    def test_who_is_not_asked_does_not_decide(self):
        for client in self._clients(*(self.users - self.boss)):
            for method in ("action_approve", "action_reject", "action_delegate"):
                self.assertRefused(
                    client, "qms.approval", method, self.request.ids, FORGED
                )

    def test_nobody_writes_deletes_or_copies(self):
        vals = {
            "qms.approval": {"state": "approved"},
            "qms.approval.step": {"user_ids": [[6, 0, self.manager.ids]]},
            "qms.approval.vote": {"decision": "approve"},
        }
        self.request.step_id._audit("x")
        for client in self._clients():
            for model in MODELS:
                ids = self.request.ids
                if model == "qms.approval.step":
                    ids = self.request.step_id.ids
                if model == "qms.approval.vote":
                    ids = self._make_vote().ids
                self.assertRefused(
                    client, model, "write", ids, FORGED, vals=vals[model]
                )
                self.assertRefused(client, model, "unlink", ids, FORGED)
                self.assertRefused(client, model, "copy", ids, FORGED)
                nested = {
                    "step_ids": [[1, self.request.step_id.id, {"required_count": 0}]]
                }
                self.assertRefused(
                    client,
                    "qms.approval",
                    "write",
                    self.request.ids,
                    FORGED,
                    vals=nested,
                )

    def _make_vote(self):
        self.env.cr.execute(
            "INSERT INTO qms_approval_vote (approval_id, step_id, user_id, decision,"
            " date) VALUES (%s, %s, %s, 'delegate', now()) RETURNING id",
            [self.request.id, self.request.step_id.id, self.boss.id],
        )
        return self.env["qms.approval.vote"].browse(self.env.cr.fetchone()[0])

    def _forge(self, model):
        """Return values that would let the hold go."""
        step = self.request.step_id
        return {
            "qms.approval": {
                "res_model": "qms.hold",
                "res_id": self.hold.id,
                "action": "release",
                "state": "approved",
                "requester_id": self.second.id,
                "content_hash": self.request.content_hash,
            },
            "qms.approval.step": {
                "approval_id": self.request.id,
                "name": "Forged",
                "sequence": 0,
                "required_count": 1,
            },
            "qms.approval.vote": {
                "approval_id": self.request.id,
                "step_id": step.id,
                "user_id": self.boss.id,
                "decision": "approve",
            },
        }[model]

    def test_nobody_creates_or_imports(self):
        for client in self._clients():
            for model in MODELS:
                vals = self._forge(model)
                self.assertRefused(
                    client, model, "create", None, FORGED, vals_list=[vals]
                )
                before = self._get_state()
                names = [f"{n}/.id" if n.endswith("_id") else n for n in vals]
                row = [str(value) for value in vals.values()]
                answer = {"ids": False}
                with suppress(Refused):
                    answer = client(
                        model, "load", context=FORGED, fields=names, data=[row]
                    )
                self.assertFalse(answer["ids"])
                self.env.invalidate_all()
                self.assertEqual(self._get_state(), before)

    def test_private_methods_stay_private(self):
        for client in self._clients(self.manager, self.admin):
            for method, named in (
                ("_agree", {}),
                ("_run", {}),
                ("_close", {"state": "approved"}),
                ("_delegate", {"user": self.manager.id}),
                ("_request", {"rules": {}, "action": "x", "arguments": {}}),
                ("_qms_do_approve", {"approver_id": 1, "step_ids": []}),
                ("_cron_escalate", {}),
            ):
                self.assertRefused(
                    client, "qms.approval", method, self.request.ids, **named
                )
            self.assertRefused(
                client, "qms.hold", "_qms_do_release", self.hold.ids, reason="x"
            )

    def test_dialog_of_another_is_nobodys_business(self):
        action = self.request.with_user(self.boss).action_reject()
        for client in self._clients(self.manager, self.second, self.admin):
            for method in ("action_reject", "action_delegate"):
                self.assertRefused(
                    client, action["res_model"], method, [action["res_id"]]
                )
            vals = {"mode": "reject", "comment": "x", "approval_ids": []}
            vals["approval_ids"] = [[6, 0, self.request.ids]]
            (made,) = client(
                action["res_model"], "create", None, FORGED, vals_list=[vals]
            )
            self.assertRefused(client, action["res_model"], "action_reject", [made])

    def test_rules_belong_to_the_officer(self):
        rule = self.env["qms.approval.rule"].search([])
        others = self.boss | self.inspector | self.manager
        for client in self._clients(*others):
            self.assertRefused(
                client, rule._name, "write", rule.ids, vals={"active": False}
            )
            self.assertRefused(client, rule._name, "unlink", rule.ids)
            self.assertRefused(
                client,
                "qms.approval.rule.step",
                "write",
                rule.step_ids.ids,
                vals={"user_id": self.manager.id},
            )

    def test_nobody_makes_himself_the_substitute_of_another(self):
        vals = {
            "user_id": self.boss.id,
            "substitute_id": self.second.id,
            "date_to": str(fields.Date.today()),
        }
        for client in self._clients(*(self.users - self.boss)):
            self.assertRefused(
                client,
                "qms.approval.substitute",
                "create",
                None,
                FORGED,
                vals_list=[vals],
            )
            self.assertRefused(
                client,
                "res.users",
                "write",
                self.boss.ids,
                FORGED,
                vals={"qms_substitute_ids": [[0, 0, vals]]},
            )

    def test_context_skips_no_rule(self):
        """Pressing the button again, with every key, lets nothing go."""
        reasons = self.env["qms.hold.reason"]
        reason = reasons.search([("usage", "=", "release")], limit=1)
        for client in self._clients(self.manager, self.second, self.admin):
            action = client("qms.hold", "action_release", self.hold.ids, FORGED)
            wizard = action["res_model"]
            ids = [action["res_id"]]
            client(wizard, "write", ids, FORGED, vals={"reason_id": reason.id})
            before = self._get_state()
            answer = client(wizard, "action_release", ids, FORGED)
            self.assertEqual(answer["params"]["title"], "Waiting for approval")
            self.env.invalidate_all()
            self.assertEqual(self._get_state(), before)

    def test_who_is_asked_approves_once(self):
        client = JsonClient(self, self.boss)
        client("qms.approval", "action_approve", self.request.ids)
        self.env.invalidate_all()
        self.assertEqual((self.request.state, self.hold.state), ("used", "released"))
        self.assertRefused(client, "qms.approval", "action_approve", self.request.ids)
