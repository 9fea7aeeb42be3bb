"""Failed tries over the wire, on real connections: they count, whatever is rolled back.

Odoo's own test cases put all requests into one transaction, where the failure of a
request takes back what was counted apart from it. Here everything is committed.
"""

import threading
import xmlrpc.client
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, HttpCase, get_db_name, tagged

from odoo.addons.qms_quality.models.evidence.signing_lock import MAX_FAILURES

LOGIN = "qms_lockout"
THREADS = 12


@tagged("standard", "post_install", "-at_install")
class TestSigningLockout(BaseCase):
    """A user, and a hold whose release must be signed."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._clean)
        with self._transaction() as env:
            self._make(env)

    @contextmanager
    def _transaction(self, user_id=SUPERUSER_ID):
        with Registry(get_db_name()).cursor() as cr:
            yield api.Environment(cr, user_id, {"tracking_disable": True})

    def _make(self, env):
        manager = env.ref("qms_quality.group_quality_manager")
        user = env["res.users"].create(
            {
                "name": "Lockout",
                "login": LOGIN,
                "password": LOGIN,
                "group_ids": [fields.Command.set(manager.ids)],
            }
        )
        product = env["product.product"].create(
            {"name": "LOCKOUT", "is_storable": True, "tracking": "lot"}
        )
        lot = env["stock.lot"].create({"name": "LOCKOUT", "product_id": product.id})
        hold = {
            "product_id": product.id,
            "lot_id": lot.id,
            "status_id": env.ref("qms_quality.status_on_hold").id,
            "reason": "Test",
        }
        self.hold_id = env["qms.hold"]._place([hold]).id
        rule = {"guarded": "qms.hold:release", "group_id": manager.id}
        self.rule_id = env["qms.signature.rule"].create(rule).id
        self.user_id, self.lot_id, self.product_id = user.id, lot.id, product.id
        env.flush_all()
        own = env(user=user.id)
        opened = own["qms.hold"].browse(self.hold_id)
        self.wizard_id = opened._qms_guarded("release", reason="x")["res_id"]

    def _clean(self):
        with self._transaction() as env:
            env.cr.execute("SET LOCAL session_replication_role = replica")
            for query in (
                "DELETE FROM qms_signature WHERE user_id = %(user)s",
                "DELETE FROM qms_signature_wizard WHERE create_uid = %(user)s",
                "DELETE FROM qms_signature_rule WHERE id = %(rule)s",
                "DELETE FROM mail_activity WHERE res_model = 'qms.signing.lock'"
                " AND res_id IN (SELECT id FROM qms_signing_lock"
                " WHERE user_id = %(user)s)",
                "DELETE FROM qms_signing_lock WHERE user_id = %(user)s",
                "DELETE FROM qms_audit_entry WHERE user_id = %(user)s"
                " OR (res_model = 'qms.hold' AND res_id = %(hold)s)",
                "DELETE FROM qms_audit_head WHERE"
                " NOT EXISTS (SELECT FROM qms_audit_entry e"
                " WHERE e.res_model = qms_audit_head.res_model"
                " AND e.res_id = qms_audit_head.res_id)",
                "DELETE FROM qms_hold WHERE id = %(hold)s",
                "DELETE FROM stock_lot WHERE id = %(lot)s",
                "DELETE FROM product_product WHERE id = %(product)s",
                "DELETE FROM product_template WHERE name->>'en_US' = 'LOCKOUT'",
                "DELETE FROM res_groups_users_rel WHERE uid = %(user)s",
                "DELETE FROM res_company_users_rel WHERE user_id = %(user)s",
                "DELETE FROM res_users WHERE id = %(user)s",
                "DELETE FROM res_partner WHERE name = 'Lockout'",
            ):
                env.cr.execute(
                    query,
                    {
                        "user": self.user_id,
                        "rule": self.rule_id,
                        "hold": self.hold_id,
                        "lot": self.lot_id,
                        "product": self.product_id,
                    },
                )
            env.registry.clear_cache()

    def _sign(self, secret):
        """Sign over XML-RPC; return the server's refusal."""
        url = f"{HttpCase.base_url()}/xmlrpc/2/object"
        args = (get_db_name(), self.user_id, LOGIN, "qms.signature.wizard")
        credential = {"login": LOGIN, "secret": secret}
        try:
            xmlrpc.client.ServerProxy(url, allow_none=True).execute_kw(
                *args, "action_sign", [[self.wizard_id], credential]
            )
        except xmlrpc.client.Fault as fault:
            return fault.faultString
        return None

    def _get_events(self, env):
        lock = env["qms.signing.lock"].search([("user_id", "=", self.user_id)])
        entries = env["qms.audit.entry"].search(
            [("res_model", "=", lock._name), ("res_id", "=", lock.id)], order="id"
        )
        return lock, entries.mapped("event")

    def test_each_try_counts_though_its_request_fails(self):
        for left in range(MAX_FAILURES - 1, 0, -1):
            self.assertIn(f"Tries left: {left}.", self._sign("wrong"))
        self.assertIn("You are locked out of signing now", self._sign("wrong"))
        # now not even the right one
        self.assertIn("You are locked out of signing after", self._sign(LOGIN))
        with self._transaction() as env:
            lock, events = self._get_events(env)
            self.assertTrue(lock.date_locked)
            self.assertEqual(
                events, ["sign_failed"] * MAX_FAILURES + ["lock_out", "sign_locked"]
            )
            officers = env.ref("qms_quality.group_compliance_officer").all_user_ids
            self.assertTrue(lock.activity_ids.user_id & officers)
            self.assertEqual(env["qms.hold"].browse(self.hold_id).state, "open")

    def test_many_at_once_get_no_more_tries(self):
        answers = []
        threads = [
            threading.Thread(target=lambda: answers.append(self._sign("wrong")))
            for _number in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(len(answers), THREADS)
        checked = [one for one in answers if "not your" in one.lower()]
        self.assertLessEqual(len(checked), MAX_FAILURES)
        with self._transaction() as env:
            lock, events = self._get_events(env)
            self.assertTrue(lock.date_locked)
            self.assertEqual(events.count("sign_failed"), MAX_FAILURES)

    def test_the_right_one_signs(self):
        self.assertIn("Tries left", self._sign("wrong"))
        self.assertIsNone(self._sign(LOGIN))
        with self._transaction() as env:
            self.assertEqual(env["qms.hold"].browse(self.hold_id).state, "released")
            lock, _events = self._get_events(env)
            self.assertEqual(lock.failures, 0)
