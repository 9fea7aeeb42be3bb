import base64

from cryptography.hazmat.primitives.asymmetric import ec

from .signing_case import SigningCase

# What the key is known by to its authenticator.
KEY = b"qms-key"


def base64url(data):
    """Return bytes as WebAuthn writes them."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class PasskeyCase(SigningCase):
    """People with passkeys."""

    def _skip_without_passkeys(self):
        if "auth.passkey.key" not in self.env:
            self.skipTest("auth_passkey isn't installed")

    def _make_passkey(self, user):
        """Give the user a passkey; return its private key, as its device keeps it."""
        # imported here: the add-on may be missing
        from odoo.addons.auth_passkey._vendor.webauthn.helpers import encode_cbor

        private = ec.generate_private_key(ec.SECP256R1())
        point = private.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        vals = {"name": "Key", "credential_identifier": base64url(KEY)}
        key = self.env["auth.passkey.key"].with_user(user).sudo().create(vals)
        self.env.cr.execute(
            "UPDATE auth_passkey_key SET public_key = %s WHERE id = %s",
            [base64.urlsafe_b64encode(public).decode(), key.id],
        )
        self.env.invalidate_all()
        return private
