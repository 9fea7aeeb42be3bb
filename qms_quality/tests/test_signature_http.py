import hashlib
import json
import re
import time
import xmlrpc.client
from contextlib import suppress
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from odoo import fields
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import html2plaintext, mute_logger

from odoo.addons.mail.tests.common import MockEmail

from .common import INSPECTOR
from .passkey_case import KEY, PasskeyCase, base64url
from .signing_case import VALIDATE

MODELS = (
    "qms.signature",
    "qms.signature.request",
    "qms.signature.wizard",
    "qms.signing.lock",
    "qms.signing.pin",
)
FORGED = {
    "qms_sentinel": True,
    "identity_checked": True,
    "qms_signed": True,
    "interactive": True,
    "install_mode": True,
    "import_file": True,
    "default_is_spent": False,
    "su": True,
}


class Refused(Exception):
    """The server said no, in words."""


@tagged("post_install", "-at_install")
class TestSignatureHttp(PasskeyCase, MockEmail, HttpCase):
    """What people can do over the wire, and what they can't."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule()

    def setUp(self):
        super().setUp()
        self.order = self._ready_order()

    # -- Clients -----------------------------------------------------------------------

    def _xml(self, user):
        """Return a function that calls over XML-RPC as the user, by his password."""

        def call(model, method, *args, context=None, **named):
            named["context"] = context or {}
            try:
                return self.xmlrpc_object.execute_kw(
                    self.env.cr.dbname, user.id, user.login, model, method, args, named
                )
            except xmlrpc.client.Fault as fault:
                if "cannot marshal None" in fault.faultString:
                    return None
                self.assertIn(fault.faultCode, (2, 3, 4), fault.faultString)
                raise Refused(fault.faultString) from None

        return call

    def _json(self, user):
        """Return a function that calls ``/json/2`` as the user, by an API key."""
        key = self._make_key(user)
        headers = {
            "Authorization": f"bearer {key}",
            "X-Odoo-Database": self.env.cr.dbname,
            "Content-Type": "application/json",
        }

        def call(model, method, ids=None, context=None, **named):
            body = {**named, "context": context or {}}
            if ids is not None:
                body["ids"] = ids
            url = f"/json/2/{model}/{method}"
            answer = self.url_open(url, data=json.dumps(body), headers=headers)
            self.assertLess(answer.status_code, 500, answer.text)
            if answer.status_code >= 400:
                raise Refused(answer.json().get("message", answer.text))
            return answer.json()

        return call

    def _web(self, user):
        """Log in with a browser's session; return a function that calls as he."""
        self.authenticate(user.login, user.login)

        def call(model, method, *args, **named):
            params = {"model": model, "method": method, "args": args, "kwargs": named}
            try:
                with mute_logger("odoo.http"):
                    return self.make_jsonrpc_request("/web/dataset/call_kw", params)
            except JsonRpcException as error:
                raise Refused(str(error)) from None

        return call

    def _make_key(self, user, scope="rpc"):
        expiry = fields.Datetime.add(fields.Datetime.now(), hours=1)
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate(scope, "test", expiry)

    def _state(self):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = []
        for query in (
            "SELECT id, state FROM qms_quality_order",
            "SELECT id, is_spent, user_id, content_hash FROM qms_signature",
            "SELECT id, guarded, active FROM qms_signature_rule",
            "SELECT id, failures, date_locked FROM qms_signing_lock",
            "SELECT id, pin, code FROM qms_signing_pin",
            "SELECT id, shown::text FROM qms_signature_wizard",
            "SELECT id, arguments::text FROM qms_signature_request",
        ):
            self.env.cr.execute(f"{query} ORDER BY 1")
            rows.append(self.env.cr.fetchall())
        return rows

    def assertRefused(self, call, *args, **named):
        before = self._state()
        with self.assertRaises(Refused):
            call(*args, **named)
        self.assertEqual(self._state(), before)

    # -- Forging -----------------------------------------------------------------------

    def _forged_values(self, model):
        self._sign_once()
        signature = self._signatures(self.order)
        return {
            "qms.signature": {
                "user_id": self.manager.id,
                "user_name": "x",
                "meaning": "x",
                "meaning_id": self.reviewed.id,
                "res_model": "qms.quality.order",
                "res_id": self.order.id,
                "record_name": "x",
                "action": "validate",
                "action_label": "x",
                "content_hash": signature.content_hash,
                "method": "password",
                "is_spent": False,
            },
            "qms.signature.request": {
                "res_model": "qms.quality.order",
                "res_id": self.order.id,
                "record_name": "x",
                "action": "validate",
                "arguments": {},
                "user_id": self.manager.id,
            },
            "qms.signature.wizard": {
                "res_model": "qms.hold",
                "shown": [],
                "action": "x",
            },
            "qms.signing.lock": {"user_id": self.clerk.id, "failures": 0},
            "qms.signing.pin": {"user_id": self.clerk.id, "pin": "x", "code": "x"},
        }[model]

    def _sign_once(self):
        if not self._signatures(self.order):
            self._sign(self.order, self.inspector)
            self.env.flush_all()

    def test_nobody_writes_them(self):
        for model in MODELS:
            vals = self._forged_values(model)
            ids = self.env[model].search([], limit=1).ids or [1]
            for user in self.people:
                calls = [self._xml(user), self._json(user)]
                with self.subTest(model, user=user.login, client="xml"):
                    self.assertRefused(
                        calls[0], model, "create", [vals], context=FORGED
                    )
                    self.assertRefused(
                        calls[0], model, "write", ids, vals, context=FORGED
                    )
                    self.assertRefused(calls[0], model, "copy", ids, context=FORGED)
                    self._unchanged(calls[0], model, "load", *self._as_import(vals))
                    if model != "qms.signature.wizard":
                        self.assertRefused(calls[0], model, "unlink", ids)
                with self.subTest(model, user=user.login, client="json"):
                    self.assertRefused(
                        calls[1], model, "create", vals_list=[vals], context=FORGED
                    )
                    self.assertRefused(
                        calls[1], model, "write", ids, vals=vals, context=FORGED
                    )

    def _as_import(self, vals):
        names = [f"{n}/.id" if n.endswith("_id") else n for n in vals]
        return names, [[str(value) for value in vals.values()]]

    def _unchanged(self, call, *args, **named):
        """Call: it may answer with errors in words, but changes nothing."""
        before = self._state()
        with suppress(Refused):
            call(*args, **named)
        self.assertEqual(self._state(), before)

    def test_only_the_officer_writes_rules(self):
        rule = self.env["qms.signature.rule"].search([], limit=1)
        vals = {"guarded": VALIDATE, "group_id": self.env.ref(INSPECTOR).id}
        for user in self.people - self.officer:
            for call in (self._xml(user),):
                with self.subTest(user=user.login):
                    model = "qms.signature.rule"
                    self.assertRefused(call, model, "create", [vals], context=FORGED)
                    self.assertRefused(
                        call,
                        model,
                        "write",
                        rule.ids,
                        {"active": False},
                        context=FORGED,
                    )
                    self.assertRefused(call, model, "unlink", rule.ids, context=FORGED)
                    self._unchanged(call, model, "load", *self._as_import(vals))
        for user in self.people - self.officer:
            self.assertRefused(
                self._json(user),
                "qms.signature.rule",
                "write",
                rule.ids,
                vals={"active": False},
            )

    def test_no_context_opens_the_door(self):
        for key, value in FORGED.items():
            with self.subTest(key):
                for call in (self._xml(self.inspector), self._json(self.inspector)):
                    answer = call(
                        "qms.quality.order",
                        "action_validate",
                        self.order.ids,
                        context={key: value},
                    )
                    self.assertEqual(answer["res_model"], "qms.signature.wizard")
                    self.assertEqual(self._order_state(), "open")

    def _order_state(self):
        self.env.invalidate_all()
        return self.order.state

    def test_private_methods_stay_private(self):
        for call in (self._xml(self.inspector), self._xml(self.officer)):
            for model, method in (
                ("qms.signature", "_spend"),
                ("qms.signature.wizard", "_sign"),
                ("qms.signature.wizard", "_make"),
                ("qms.signing.lock", "_end_try"),
                ("qms.signing.pin", "_set_pin"),
                ("qms.quality.order", "_qms_do_validate"),
                ("qms.quality.order", "_qms_perform"),
                ("res.users", "_qms_verify_signer"),
            ):
                self.assertRefused(call, model, method, [1])

    # -- Signing over the wire ---------------------------------------------------------

    def _dialog_of(self, call, user):
        opened = call("qms.quality.order", "action_validate", self.order.ids)
        wizard = [opened["res_id"]]
        vals = {"meaning_id": self.reviewed.id}
        self.env["qms.signature.wizard"].with_user(user).browse(wizard).write(vals)
        self.env.flush_all()
        return wizard

    def test_login_and_password_each_time_over_rpc(self):
        call = self._xml(self.inspector)
        wizard = self._dialog_of(call, self.inspector)
        sign = ("qms.signature.wizard", "action_sign", wizard)
        me = self.inspector.login
        for wrong in (
            {"secret": me},
            {"login": me, "secret": "x"},
            {"login": me, "secret": self._make_key(self.inspector)},
            {"login": me, "secret": self._make_key(self.inspector, None)},
            {"login": self.manager.login, "secret": self.manager.login},
            {"login": me, "secret": self.manager.login},
        ):
            self.assertRefused(call, *sign, wrong)
        call(*sign, {"login": me, "secret": me})
        self.assertEqual(self._order_state(), "validated")
        self.assertRefused(call, *sign, {"login": me, "secret": me})

    def test_an_api_key_alone_signs_nothing(self):
        call = self._json(self.inspector)
        wizard = self._dialog_of(call, self.inspector)
        me = self.inspector.login
        for secret in (self._make_key(self.inspector), "x"):
            self.assertRefused(
                call,
                "qms.signature.wizard",
                "action_sign",
                wizard,
                credential={"login": me, "secret": secret},
            )
        call(
            "qms.signature.wizard",
            "action_sign",
            wizard,
            credential={"login": me, "secret": me},
        )
        self.assertEqual(self._order_state(), "validated")

    def test_another_dialog_is_not_mine(self):
        wizard = self._dialog_of(self._xml(self.inspector), self.inspector)
        me = self.manager.login
        for call in (self._xml(self.manager), self._web(self.manager)):
            self.assertRefused(
                call,
                "qms.signature.wizard",
                "action_sign",
                wizard,
                {"login": me, "secret": me},
            )

    def test_a_session_takes_the_login_once(self):
        call = self._web(self.inspector)
        wizard = self._dialog_of(call, self.inspector)
        sign = ("qms.signature.wizard", "action_sign")
        me = self.inspector.login
        self.assertRefused(call, *sign, wizard, {"secret": me})
        call(*sign, wizard, {"login": me, "secret": me})
        self.assertEqual(self._order_state(), "validated")

        self.order = self._ready_order("S-2")
        wizard = self._dialog_of(call, self.inspector)
        # never without a credential, and not with another's
        for wrong in (None, {}, {"login": me}, {"secret": self.manager.login}):
            self.assertRefused(call, *sign, wizard, wrong)
        call(*sign, wizard, {"secret": me})
        self.assertEqual(self._order_state(), "validated")

        # another session begins anew
        self.order = self._ready_order("S-3")
        call = self._web(self.inspector)
        wizard = self._dialog_of(call, self.inspector)
        self.assertRefused(call, *sign, wizard, {"secret": me})

    def test_the_series_ends(self):
        self.env["ir.config_parameter"].set_param("qms_quality.signing_period", "0")
        call = self._web(self.inspector)
        sign = ("qms.signature.wizard", "action_sign")
        me = self.inspector.login
        wizard = self._dialog_of(call, self.inspector)
        call(*sign, wizard, {"login": me, "secret": me})
        self.order = self._ready_order("S-2")
        wizard = self._dialog_of(call, self.inspector)
        self.assertRefused(call, *sign, wizard, {"secret": me})

    def test_anothers_session(self):
        """Who sits at another's screen can't sign as himself there, nor as him."""
        call = self._web(self.inspector)
        wizard = self._dialog_of(call, self.inspector)
        other = self.manager.login
        self.assertRefused(
            call,
            "qms.signature.wizard",
            "action_sign",
            wizard,
            {"login": other, "secret": other},
        )

    # -- Second factor -----------------------------------------------------------------

    def _code(self, secret, step=0):
        # imported here: the add-on may be missing
        from odoo.addons.auth_totp.models.totp import TIMESTEP, hotp

        return f"{hotp(secret, int(time.time() / TIMESTEP) + step):06}"

    def test_second_factor(self):
        if "totp_enabled" not in self.env["res.users"]._fields:
            self.skipTest("auth_totp isn't installed")
        secret = b"12345678901234567890"
        self.inspector.sudo().totp_secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        self.env.flush_all()
        call = self._json(self.inspector)
        wizard = self._dialog_of(call, self.inspector)
        me = self.inspector.login
        given = {"login": me, "secret": me}
        sign = ("qms.signature.wizard", "action_sign", wizard)
        code = self._code(secret)
        for wrong in ("", "abc", "000000" if code != "000000" else "000001"):
            self.assertRefused(call, *sign, credential={**given, "code": wrong})
        call(*sign, credential={**given, "code": f"{code[:3]} {code[3:]}"})
        self.assertEqual(self._order_state(), "validated")
        self.assertEqual(self._signatures(self.order).method, "password_totp")

        self.order = self._ready_order("S-2")
        wizard = self._dialog_of(call, self.inspector)
        sign = ("qms.signature.wizard", "action_sign", wizard)
        self.assertRefused(call, *sign, credential={**given, "code": code})
        call(*sign, credential={**given, "code": self._code(secret, 1)})
        self.assertEqual(self._order_state(), "validated")

    def test_mailed_code(self):
        """Who must use two factors and has no authenticator gets a code by mail."""
        if not hasattr(self.env["res.users"], "_send_totp_mail_code"):
            self.skipTest("auth_totp_mail isn't installed")
        self.inspector.email = "inspector@dairy.example"
        self.env["ir.config_parameter"].set_param("auth_totp.policy", "all_required")
        self.env.flush_all()
        call = self._json(self.inspector)
        wizard = self._dialog_of(call, self.inspector)
        me = self.inspector.login
        given = {"login": me, "secret": me}
        sign = ("qms.signature.wizard", "action_sign", wizard)
        self.assertRefused(call, *sign, credential=given)
        with self.mock_mail_gateway():
            action = call("qms.signature.wizard", "action_mail_code", wizard)
        self.assertEqual([action["res_id"]], wizard)
        (mail,) = self._mails
        code = re.search(r"(?<!\d)\d{6}(?!\d)", html2plaintext(mail["body"])).group()
        wrong = f"{(int(code) + 1) % 10**6:06}"
        self.assertRefused(call, *sign, credential={**given, "code": wrong})
        call(*sign, credential={**given, "code": code})
        self.assertEqual(self._order_state(), "validated")
        self.assertEqual(self._signatures(self.order).method, "password_mail")

    # -- Passkey -----------------------------------------------------------------------

    def _answer(self, private, challenge, count=1):
        """Return what the browser sends for a challenge."""
        origin = self.base_url()
        client = {"type": "webauthn.get", "challenge": challenge, "origin": origin}
        client_data = json.dumps(client).encode()
        host = hashlib.sha256(urlsplit(origin).hostname.encode()).digest()
        data = host + bytes([0b101]) + count.to_bytes(4, "big")
        signed = data + hashlib.sha256(client_data).digest()
        identifier = base64url(KEY)
        return json.dumps(
            {
                "id": identifier,
                "rawId": identifier,
                "type": "public-key",
                "response": {
                    "clientDataJSON": base64url(client_data),
                    "authenticatorData": base64url(data),
                    "signature": base64url(
                        private.sign(signed, ec.ECDSA(hashes.SHA256()))
                    ),
                },
            }
        )

    def test_passkey(self):
        self._skip_without_passkeys()
        private = self._make_passkey(self.inspector)
        call = self._web(self.inspector)
        wizard = self._dialog_of(call, self.inspector)
        sign = ("qms.signature.wizard", "action_sign", wizard)

        def _challenge():
            options = self.make_jsonrpc_request("/auth/passkey/start-auth")
            return options["challenge"]

        stranger = ec.generate_private_key(ec.SECP256R1())
        for wrong in (
            "x",
            "[]",
            "{}",
            json.dumps({"id": base64url(KEY)}),
            self._answer(stranger, _challenge()),
            self._answer(private, base64url(b"another challenge")),
        ):
            self.assertRefused(call, *sign, {"method": "passkey", "secret": wrong})
        answer = self._answer(private, _challenge())
        call(*sign, {"method": "passkey", "secret": answer})
        self.assertEqual(self._order_state(), "validated")
        self.assertEqual(self._signatures(self.order).method, "passkey")

        # the same answer is good once
        self.order = self._ready_order("S-2")
        wizard = self._dialog_of(call, self.inspector)
        self.assertRefused(
            call,
            "qms.signature.wizard",
            "action_sign",
            wizard,
            {"method": "passkey", "secret": answer},
        )
