"""The audit trail against clients of one's own making, over both protocols."""

import json

from odoo.tests import tagged

from odoo.addons.qms_quality.tests.rpc_case import Refused

from .hostile_case import HostileCase

OFFICER = "qms_quality.group_compliance_officer"
ENTRY, HEAD, RULE = "qms.audit.entry", "qms.audit.head", "qms.reason.rule"
CONTEXTS = (
    {},
    {"qms_sentinel": True, "install_mode": True, "_force_unlink": True},
    {"tracking_disable": True, "mail_notrack": True, "import_file": True},
    {"cron_id": 1, "lang": "en_US", "qms_reason": {"a": 1}},
)


@tagged("standard", "post_install", "-at_install")
class TestAuditHostile(HostileCase):
    """As each role that has to do with quality."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._make_user("qms_officer", OFFICER)
        cls.passwords[cls.officer] = "qms_officer-password"
        cls.officer.password = cls.passwords[cls.officer]
        cls.roles = cls.clerk | cls.inspector | cls.manager | cls.officer
        cls.test = cls.env["qms.test"].create({"name": "Hostile", "code": "HOST"})

    def _get_entries(self, record):
        self.env.cr.flush()
        self.env.invalidate_all()
        return self.env[ENTRY].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="seq"
        )

    def test_entries_and_ends_are_nobodys_to_write(self):
        entry = self._get_entries(self.test)
        head = self.env[HEAD].search([("res_id", "=", self.test.id)], limit=1)
        forged = {"res_model": "qms.test", "res_id": self.test.id, "event": "write"}
        for context in CONTEXTS:
            for client in self._clients(*self.roles):
                for record, vals in ((entry, forged), (head, {"seq": 1, "hash": "x"})):
                    call = (client, record._name)
                    with self.subTest(record._name, context=context):
                        self.assertRefused(
                            *call, "create", None, context, vals_list=[vals]
                        )
                        self.assertRefused(
                            *call, "write", record.ids, context, vals={"seq": 7}
                        )
                        self.assertRefused(*call, "unlink", record.ids, context)
                        self.assertRefused(*call, "copy", record.ids, context)

    def test_private_methods_stay_private(self):
        for client in self._clients(*self.roles):
            for model, method, named in (
                (ENTRY, "_append", {"vals_list": [], "channel": "web"}),
                (ENTRY, "_note", {"records": 1, "event": "x", "rows": {}}),
                (ENTRY, "_write_pending", {}),
                (HEAD, "_advance", {"ends": {}}),
                ("qms.test", "_audit", {"event": "x"}),
                ("qms.test", "_qms_follow", {"names": []}),
            ):
                self.assertRefused(client, model, method, [1], **named)

    def test_no_context_hides_a_change(self):
        for number, context in enumerate(CONTEXTS, 3):
            for client in self._clients(self.manager):
                before = len(self._get_entries(self.test))
                decimals = self.test.decimals
                vals = {"decimals": 9 if decimals == number else number}
                client("qms.test", "write", self.test.ids, context, vals=vals)
                entries = self._get_entries(self.test)[before:]
                self.assertEqual(entries.mapped("new_value"), [str(vals["decimals"])])
                self.assertEqual(entries.mapped("channel"), ["rpc"])
                self.assertEqual(entries.user_id, self.manager)

    def test_channels(self):
        self.authenticate("qms_manager", self.passwords[self.manager])
        body = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {
                "model": "qms.test",
                "method": "write",
                "args": [self.test.ids, {"decimals": 5}],
                "kwargs": {"context": {"cron_id": 3}},
            },
        }
        answer = self.url_open(
            "/web/dataset/call_kw/base_import.import/execute_import",
            data=json.dumps(body),
            headers={"Content-Type": "application/json"},
        )
        self.assertNotIn("error", answer.json())
        self.assertEqual(self._get_entries(self.test)[-1].channel, "web")

    def test_a_reason_can_not_be_left_out(self):
        rule = {
            "model_id": self.env["ir.model"]._get_id("qms.test"),
            "kind": "change",
        }
        for client in self._clients(self.clerk, self.inspector, self.manager):
            self.assertRefused(client, RULE, "create", None, vals_list=[rule])
        self.env[RULE].with_user(self.officer).create(rule)
        self.env.flush_all()
        for client in self._clients(self.manager):
            for context in (*CONTEXTS, {"qms_reason": "  a  "}, {"qms_reason": True}):
                with self.assertRaisesRegex(Refused, "Say why, in at least 5"):
                    client(
                        "qms.test",
                        "write",
                        self.test.ids,
                        context,
                        vals={"name": "Without a reason"},
                    )
            why = f"Asked by {type(client).__name__}"
            client(
                "qms.test",
                "write",
                self.test.ids,
                {"qms_reason": why},
                vals={"name": why},
            )
            self.assertEqual(self._get_entries(self.test)[-1].reason, why)

    def test_nobody_reads_what_he_may_not(self):
        entry = self._get_entries(self.test)
        for client in self._clients(self.clerk):
            with self.assertRaises(Refused):
                client(ENTRY, "read", entry.ids, fields=["new_value"])
        for client in self._clients(self.inspector, self.officer):
            (read,) = client(ENTRY, "read", entry.ids, fields=["new_value"])
            self.assertIn("Code: HOST", read["new_value"])
