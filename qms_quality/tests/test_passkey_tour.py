import base64

from cryptography.hazmat.primitives import serialization

import odoo.tests.common
from odoo.tests import HttpCase, tagged

from .passkey_case import KEY, PasskeyCase, base64url

# A passkey belongs to a name; Odoo's tests use an address.
HOST = "localhost"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@tagged("post_install", "-at_install")
class TestPasskeyTour(PasskeyCase, HttpCase):
    """The browser's own dialog, with an authenticator that Chromium simulates."""

    def setUp(self):
        self.patch(odoo.tests.common, "HOST", HOST)
        super().setUp()
        self._skip_without_passkeys()
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())

    def authenticate(self, user, password, *, browser=None, **kwargs):
        if browser:
            self._plug_in(browser)
        return super().authenticate(user, password, browser=browser, **kwargs)

    def _plug_in(self, browser):
        """Give the browser an authenticator that holds the key."""
        browser._websocket_request("WebAuthn.enable")
        plugged = browser._websocket_request(
            "WebAuthn.addVirtualAuthenticator", params={"options": AUTHENTICATOR}
        )
        private = self.private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        credential = {
            "credentialId": base64.b64encode(KEY).decode(),
            "isResidentCredential": True,
            "rpId": HOST,
            "privateKey": base64.b64encode(private).decode(),
            # as Odoo's page hands the user's id to the authenticator: in text
            "userHandle": base64.b64encode(base64url(b"1").encode()).decode(),
            "signCount": 1,
        }
        browser._websocket_request(
            "WebAuthn.addCredential",
            params={
                "authenticatorId": plugged["authenticatorId"],
                "credential": credential,
            },
        )

    def test_inspector_signs_with_his_passkey(self):
        self._rule(meaning_ids=[(6, 0, self.reviewed.ids)])
        self.private = self._make_passkey(self.inspector)
        order = self._ready_order()
        url = f"/odoo/quality-orders/{order.id}"
        self.start_tour(url, "qms_inspector_uses_passkey", login=self.inspector.login)
        self.assertEqual(order.state, "validated")
        signature = self._signatures(order)
        self.assertEqual(signature.user_id, self.inspector)
        self.assertEqual(signature.method, "passkey")
