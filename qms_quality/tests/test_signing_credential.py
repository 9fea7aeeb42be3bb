from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from odoo.addons.mail.tests.common import MockEmail

from .signing_case import SigningCase

LOCKED = (
    "You are locked out of signing after 5 failed tries. A compliance officer can"
    " unlock you; they have been told."
)


@tagged("post_install", "-at_install")
class TestSigningCredential(SigningCase, MockEmail):
    """How the signer proves himself, and what happens when he can't."""

    def setUp(self):
        super().setUp()
        self._rule()
        self.order = self._ready_order()
        self.wizard = self._open_dialog(self.order, self.inspector)

    def _lock(self, user=None):
        user = user or self.inspector
        return self.env["qms.signing.lock"].search([("user_id", "=", user.id)])

    def test_wrong_password(self):
        self.assertEqual(
            self._try_wrong(self.wizard),
            "That is not your login and credential. Nothing was signed. Tries left: 4.",
        )
        self.assertEqual(self.order.state, "open")
        self.assertFalse(self._signatures(self.order))

    def test_somebody_else_signs_as_himself(self):
        given = {"login": self.manager.login, "secret": self.manager.login}
        self.assertIn("not your login", self._try_wrong(self.wizard, **given))
        given = {"login": self.inspector.login, "secret": self.manager.login}
        self.assertIn("not your login", self._try_wrong(self.wizard, **given))

    def test_an_api_key_is_no_password(self):
        keys = self.env["res.users.apikeys"].with_user(self.inspector).sudo()
        expiry = fields.Datetime.add(fields.Datetime.now(), hours=1)
        for scope in ("rpc", None):
            key = keys._generate(scope, "key", expiry)
            self.assertIn("not your login", self._try_wrong(self.wizard, secret=key))

    def test_nonsense_is_refused_in_words(self):
        for credential in (None, "x", 5, [], {}, {"secret": ["x"]}, {"secret": ""}):
            with self.assertRaisesRegex(UserError, "Enter your credential to sign."):
                self.wizard.action_sign(credential)
        for method in ("pin", "passkey", "oauth_token", "totp"):
            with self.assertRaisesRegex(UserError, "You can't sign in this way."):
                self.wizard.action_sign({"method": method, "secret": "x"})
        self.assertFalse(self._lock().failures)

    def test_locked_out_after_five(self):
        for left in range(4, 0, -1):
            self.assertIn(f"Tries left: {left}.", self._try_wrong(self.wizard))
        self.assertIn("You are locked out", self._try_wrong(self.wizard))
        right = self._credential(self.inspector)["secret"]
        self.assertEqual(self._try_wrong(self.wizard, secret=right), LOCKED)
        self.assertFalse(self._signatures(self.order))

        lock = self._lock()
        self.assertTrue(lock.date_locked)
        self.assertIn(self.officer, lock.activity_ids.user_id)
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", lock._name), ("res_id", "=", lock.id)]
        )
        self.assertEqual(
            sorted(entries.mapped("event")),
            ["lock_out", *["sign_failed"] * 5, "sign_locked"],
        )
        self.assertEqual(entries.user_id, self.inspector)

        for user in (self.inspector, self.manager):
            with self.assertRaises(AccessError):
                lock.with_user(user).action_unlock()
        lock.with_user(self.officer).action_unlock()
        self.assertFalse(lock.activity_ids)
        self.wizard.action_sign(self._credential(self.inspector))
        self.assertEqual(self.order.state, "validated")

    def test_a_right_one_starts_the_count_again(self):
        for _number in range(4):
            self._try_wrong(self.wizard)
        self.wizard.action_sign(self._credential(self.inspector))
        self.assertEqual(self._lock().failures, 0)

    def test_nobody_unlocks_himself(self):
        self._rule(group="qms_quality.group_compliance_officer")
        self.order.with_user(self.inspector).action_validate()
        self.wizard.action_sign(self._credential(self.inspector))
        opened = self.order.with_user(self.officer).action_qms_sign()
        wizard = self._dialog(opened, self.officer)
        for _number in range(5):
            self._try_wrong(wizard)
        with self.assertRaisesRegex(UserError, "You can't unlock yourself."):
            self._lock(self.officer).with_user(self.officer).action_unlock()

    def test_the_credential_is_kept_nowhere(self):
        secret = "xyzzy-plugh-42"
        self.inspector.password = secret
        vals = {"secret": secret, "login": secret, "code": secret, "pin": secret}
        self.wizard.write({**vals, "comment": "Seen"})
        self._try_wrong(self.wizard, secret=secret + "?")
        self.wizard.action_sign(self._credential(self.inspector, secret=secret))
        self.env.flush_all()
        for table in (
            "qms_signature_wizard",
            "qms_signature",
            "qms_signature_request",
            "qms_signing_lock",
            "qms_audit_entry",
            "mail_message",
        ):
            self.env.cr.execute(
                f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE %s",
                [f"%{secret}%"],
            )
            self.assertEqual(self.env.cr.fetchone(), (0,), table)

    # -- PIN ---------------------------------------------------------------------------

    def _forget_password(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_users SET password = NULL WHERE id = %s", [self.inspector.id]
        )

    def test_pin_for_one_without_a_password(self):
        with self.assertRaisesRegex(
            UserError, "^You have a password: sign with that.$"
        ):
            self.inspector.with_user(self.inspector).action_qms_set_pin()
        self._forget_password()
        self.assertTrue(self.inspector.with_user(self.inspector).qms_can_set_pin)
        code = self._mailed_code()
        dialog = self.env["qms.signing.pin.wizard"].with_user(self.inspector).create({})
        wrong_code = "^That isn't the code, or it is too old. Ask for a new one.$"
        weak = "^A signing PIN has at least 6 characters, three different ones.$"
        with self.assertRaisesRegex(UserError, "The two PINs differ."):
            dialog.action_set({"code": code, "secret": "246813", "again": "246814"})
        with self.assertRaisesRegex(UserError, wrong_code):
            dialog.action_set({"code": "1", "secret": "246813", "again": "246813"})
        with self.assertRaisesRegex(UserError, weak):
            dialog.action_set({"code": code, "secret": "24681", "again": "24681"})
        dialog.action_set({"code": code, "secret": "246813", "again": "246813"})
        with self.assertRaisesRegex(UserError, wrong_code):
            dialog.action_set({"code": code, "secret": "135790", "again": "135790"})

        wrong = self._try_wrong(self.wizard, method="pin", secret="135790")
        self.assertIn("not your login", wrong)
        pin = self._credential(self.inspector, method="pin", secret="246813")
        self.wizard.action_sign(pin)
        self.assertEqual(self._signatures(self.order).method, "pin")

    def _mailed_code(self):
        """Press the button in the preferences; return the code from the mail."""
        self.inspector.email = "ines@example.com"
        with self.mock_mail_gateway():
            self.inspector.with_user(self.inspector).action_qms_set_pin()
        mail = self._mails[-1]
        self.assertEqual(mail["email_to"], ["ines@example.com"])
        return html2plaintext(mail["body"]).split()[0]

    def test_nobody_reads_pins(self):
        for user in (
            self.inspector,
            self.manager,
            self.officer,
            self.env.ref("base.user_admin"),
        ):
            pins = self.env["qms.signing.pin"].with_user(user)
            with self.assertRaises(AccessError):
                pins.search([])
            with self.assertRaises(AccessError):
                pins.create({"user_id": user.id})
