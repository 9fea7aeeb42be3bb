import json
import time

from psycopg2 import Error as DatabaseError

from odoo import fields, models
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request
from odoo.tools import email_normalize

# How long a series of signings goes on without the login, in minutes.
PERIOD_PARAMETER = "qms_quality.signing_period"
PERIOD = 30
SESSION_KEY = "qms_last_signing"
# What Odoo calls the second factor of who has no authenticator but must use one.
MAILED_CODE = "totp_mail"


class ResUsers(models.Model):
    """The signer proves himself, each time he signs."""

    _inherit = "res.users"

    qms_can_set_pin = fields.Boolean(compute="_compute_qms_can_set_pin")

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["qms_can_set_pin"]

    def _compute_qms_can_set_pin(self):
        for user in self:
            own = user == self.env.user
            user.qms_can_set_pin = own and not user._qms_has_password()

    def _qms_has_password(self):
        """Tell whether Odoo keeps a password of this user."""
        self.ensure_one()
        self.env.cr.execute(
            "SELECT COALESCE(password, '') <> '' FROM res_users WHERE id = %s",
            [self.id],
        )
        return self.env.cr.fetchone()[0]

    def _qms_get_signing_methods(self):
        """Return how this user can prove himself: ``password``, ``pin``, ``passkey``.

        A PIN stands in for a password only where Odoo has none.
        """
        self.ensure_one()
        methods = ["password"]
        if not self._qms_has_password() and self.env["qms.signing.pin"]._has_pin():
            methods = ["pin", "password"]
        # the add-on with passkeys may be missing
        if "auth_passkey_key_ids" in self._fields and self.auth_passkey_key_ids:
            methods.append("passkey")
        return methods

    def _qms_needs_mailed_code(self):
        """Tell whether the second factor of this user is a code sent by mail."""
        return self._mfa_type() == MAILED_CODE

    # -- The series of signings --------------------------------------------------------

    def _qms_needs_login(self):
        """Tell whether the login is asked for, too.

        21 CFR 11.200(a)(1)(i): the first signing of a series takes both components, the
        rest one. What is remembered is only that: it never stands in for a credential,
        and it is kept on the server, in the session of the browser.
        """
        if not self._qms_in_own_session():
            return True
        last = request.session.get(SESSION_KEY)
        # sudo: the parameter says how long a series goes on
        period = self.env["ir.config_parameter"].sudo().get_param(PERIOD_PARAMETER)
        minutes = int(period) if str(period or "").isdigit() else PERIOD
        now = time.time()
        return not (last and last[0] == self.id and now - 60 * minutes < last[1] <= now)

    def _qms_in_own_session(self):
        return bool(request and request.session.uid == self.id)

    def _qms_remember_signing(self):
        if self._qms_in_own_session():
            request.session[SESSION_KEY] = [self.id, time.time()]

    # -- Proving oneself ---------------------------------------------------------------

    def _qms_verify_signer(self, credential):
        """Check that it is the current user himself who signs.

        Every try is counted; five failed ones in a row lock him out.

        :param dict credential: ``method`` and texts ``login``, ``secret``, ``code``
        :return str: how he proved himself
        :raise UserError: if he didn't
        """
        user = self.env.user
        credential = self._qms_clean_credential(credential)
        locks = self.env["qms.signing.lock"]
        locks._begin_try()
        try:
            method = user._qms_check_credential(**credential)
        except AccessDenied:
            reason = self.env._("Wrong credential (%s)", credential["method"])
            left = locks._end_try(reason)
            raise UserError(user._qms_get_failure_text(left)) from None
        locks._end_try()
        user._qms_remember_signing()
        return method

    def _qms_clean_credential(self, credential):
        """Return the credential with nothing in it but what is known.

        :raise UserError: if something is missing; such a try isn't counted
        """
        given = credential if isinstance(credential, dict) else {}
        names = ("method", "login", "secret", "code")
        clean = {
            name: given.get(name) if isinstance(given.get(name), str) else ""
            for name in names
        }
        clean["method"] = clean["method"] or "password"
        if clean["method"] not in self.env.user._qms_get_signing_methods():
            raise UserError(self.env._("You can't sign in this way."))
        if not clean["secret"]:
            raise UserError(self.env._("Enter your credential to sign."))
        return clean

    def _qms_check_credential(self, method, login, secret, code):
        """Check the components of the signature of the current user.

        :raise AccessDenied: if one of them is wrong
        """
        self.ensure_one()
        if self._qms_needs_login() and method != "passkey":
            if login.strip() != self.login:
                raise AccessDenied()
        if method == "passkey":
            return self._qms_check_passkey(secret)
        if method == "pin":
            self.env["qms.signing.pin"]._check_pin(secret)
            return "pin"
        credential = {"type": "password", "login": self.login, "password": secret}
        # interactive: an API key isn't a password, whichever way the call came in
        info = self._check_credentials(credential, {"interactive": True})
        if info.get("uid") != self.id or info.get("auth_method") == "apikey":
            raise AccessDenied()
        if not self._mfa_type():
            return "password"
        self._qms_check_second_factor(code)
        return "password_mail" if self._qms_needs_mailed_code() else "password_totp"

    def _qms_check_second_factor(self, code):
        digits = "".join(code.split())
        if not request or not (digits.isascii() and digits.isdigit()):
            raise AccessDenied()
        credential = {"type": self._mfa_type(), "token": int(digits)}
        self._check_credentials(credential, {"interactive": True})

    def _qms_check_passkey(self, response):
        """Check what the passkey answered to the challenge of this session."""
        if not request:
            raise AccessDenied()
        credential = {"type": "webauthn", "webauthn_response": response}
        try:
            json.loads(response)["id"]
            info = self._check_credentials(credential, {"interactive": True})
        except (AccessDenied, DatabaseError):
            raise
        except Exception:  # a malformed answer is a failed try, however it fails
            raise AccessDenied() from None
        if info.get("uid") != self.id:
            raise AccessDenied()
        return "passkey"

    def _qms_get_failure_text(self, left):
        if not left:
            return self.env._(
                "That is not your credential. You are locked out of signing now; the"
                " compliance officers have been told and can unlock you."
            )
        return self.env._(
            "That is not your login and credential. Nothing was signed. Tries left:"
            " %s.",
            left,
        )

    # -- The PIN -----------------------------------------------------------------------

    def action_qms_set_pin(self):
        """Mail a code, and open the dialog that asks for it and for the PIN.

        :raise UserError: if the user has a password, or no address
        """
        self._qms_check_set_pin()
        self.env["qms.signing.pin"]._send_code()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Signing PIN"),
            "res_model": "qms.signing.pin.wizard",
            "view_mode": "form",
            "target": "new",
        }

    def _qms_check_set_pin(self):
        if self != self.env.user:
            raise UserError(self.env._("Everyone sets only his own signing PIN."))
        if self._qms_has_password():
            raise UserError(self.env._("You have a password: sign with that."))
        if not self._qms_get_code_address():
            raise UserError(
                self.env._("You have no address that a code could be mailed to.")
            )

    def _qms_get_code_address(self):
        """Return where a code is mailed to: the login, which the user can't change."""
        address = self.login if email_normalize(self.login) else self.email
        return email_normalize(address)
