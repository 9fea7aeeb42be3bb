"""Failed tries over the wire, on real connections: they count, whatever is rolled back.

Odoo's own test cases put all requests into one transaction, where the failure of a
request takes back what was counted apart from it. Here everything is committed.
"""

import threading
import uuid
import xmlrpc.client
from contextlib import contextmanager
from itertools import groupby

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, HttpCase, get_db_name, tagged

from odoo.addons.qms_quality.models.evidence.signing_lock import MAX_FAILURES
from odoo.addons.qms_quality.models.sentinel import trusted

THREADS = 12


@tagged("standard", "post_install", "-at_install")
class TestSigningLockout(BaseCase):
    """A user, and a hold whose release must be signed."""

    def setUp(self):
        super().setUp()
        self.login = f"qms_lockout_{uuid.uuid4().hex}"
        with self._transaction() as env:
            self._make(env)
        self.addCleanup(self._clean)

    @contextmanager
    def _transaction(self, user_id=SUPERUSER_ID):
        with Registry(get_db_name()).cursor() as cr:
            yield api.Environment(cr, user_id, {"tracking_disable": True})

    def _make(self, env):
        manager = env.ref("qms_quality.group_quality_manager")
        user = env["res.users"].create(
            {
                "name": "Lockout",
                "login": self.login,
                "password": self.login,
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
        rule = {
            "guarded": "qms.hold:release",
            "group_id": manager.id,
            "meaning_ids": env.ref("qms_quality.meaning_released").ids,
        }
        self.rule_id = env["qms.signature.rule"].create(rule).id
        self.user_id = user.id
        env.flush_all()
        own = env(user=user.id)
        opened = own["qms.hold"].browse(self.hold_id)
        self.wizard_id = opened._qms_guarded("release", reason="x")["res_id"]

    def _clean(self):
        """Take back what others would meet; the trail stays, as it must."""
        with self._transaction() as env:
            env["qms.signature.rule"].browse(self.rule_id).unlink()
            lock = env["qms.signing.lock"].search([("user_id", "=", self.user_id)])
            trusted(lock).unlink()
            env["res.users"].browse(self.user_id).active = False
            hold = env["qms.hold"].browse(self.hold_id)
            hold._release("Test")
            hold.product_id.active = False

    def _sign(self, secret):
        """Sign over XML-RPC; return the server's refusal."""
        url = f"{HttpCase.base_url()}/xmlrpc/2/object"
        args = (get_db_name(), self.user_id, self.login, "qms.signature.wizard")
        credential = {"login": self.login, "secret": secret}
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
        self.assertIn("You are locked out of signing after", self._sign(self.login))
        with self._transaction() as env:
            lock, events = self._get_events(env)
            self.assertTrue(lock.date_locked)
            self.assertEqual(events.count("sign_failed"), MAX_FAILURES)
            # locking writes an entry for each field that it changes
            self.assertEqual(
                [event for event, _entries in groupby(events)],
                ["sign_failed", "lock_out", "sign_locked"],
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
        self.assertIsNone(self._sign(self.login))
        with self._transaction() as env:
            self.assertEqual(env["qms.hold"].browse(self.hold_id).state, "released")
            lock, _events = self._get_events(env)
            self.assertEqual(lock.failures, 0)
