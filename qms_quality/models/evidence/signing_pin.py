from datetime import timedelta
from secrets import randbelow

from odoo import api, fields, models
from odoo.exceptions import AccessDenied, UserError

from ..sentinel import trusted

MIN_LENGTH = 6
CODE_MINUTES = 15


class QmsSigningPin(models.Model):
    """The signing PIN of a user without a password. Nobody can read it.

    Only its salted hash is kept, made as Odoo makes those of passwords. Who signs in
    elsewhere has nothing here that he could prove himself with, so the PIN is set with
    a code that is mailed to him.
    """

    _name = "qms.signing.pin"
    _description = "Signing PIN"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    pin = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    code = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    date_code = fields.Datetime(readonly=True, groups=fields.NO_ACCESS)

    _user_uniq = models.Constraint("unique(user_id)", "A user has one signing PIN.")

    @api.model
    def _get_protection_text(self):
        return self.env._("A signing PIN is set in the preferences.")

    @api.model
    def _get_own(self):
        """Return the current user's row, made if there is none."""
        # sudo: nobody may read PINs, not even their own
        pins = trusted(self.sudo())
        own = pins.search([("user_id", "=", self.env.uid)])
        return own or pins.create({"user_id": self.env.uid})

    @api.model
    def _has_pin(self):
        """Tell whether the current user has set a PIN."""
        # sudo: nobody may read PINs, not even their own
        domain = [("user_id", "=", self.env.uid), ("pin", "!=", False)]
        return bool(self.sudo().search_count(domain, limit=1))

    @api.model
    def _send_code(self):
        """Mail the current user a code that lets him set his PIN."""
        code = f"{randbelow(10**8):08}"
        self._get_own().write(
            {
                "code": self.env.user._crypt_context().hash(code),
                "date_code": fields.Datetime.now(),
            }
        )
        # sudo: users can't write mails; this one holds nothing but the code
        mail = self.env["mail.mail"].sudo().create(self._prepare_code_mail(code))
        mail.send(raise_exception=True)

    def _prepare_code_mail(self, code):
        return {
            "subject": self.env._("Your code to set a signing PIN"),
            "body_html": self.env._(
                "%(code)s is the code to set your signing PIN. It is good for"
                " %(minutes)s minutes, once. If you didn't ask for it, tell your"
                " compliance officer.",
                code=code,
                minutes=CODE_MINUTES,
            ),
            "email_to": self.env.user._qms_get_code_address(),
            "auto_delete": True,
        }

    @api.model
    def _check_code(self, code):
        """Check the mailed code, which is good once.

        :raise AccessDenied: if it isn't the code, or too old
        """
        own = self._get_own()
        oldest = fields.Datetime.now() - timedelta(minutes=CODE_MINUTES)
        if not (own.code and own.date_code > oldest and code):
            raise AccessDenied()
        if not self.env.user._crypt_context().verify(code, own.code):
            raise AccessDenied()
        own.code = False

    @api.model
    def _check_pin(self, pin):
        """Check the current user's PIN.

        :raise AccessDenied: if it isn't his
        """
        own = self._get_own()
        if not (own.pin and pin):
            raise AccessDenied()
        if not self.env.user._crypt_context().verify(pin, own.pin):
            raise AccessDenied()

    @api.model
    def _check_strength(self, pin):
        """Refuse a PIN that is guessed too easily.

        :raise UserError: if it is
        """
        if len(pin or "") < MIN_LENGTH or len(set(pin)) < 3:
            raise UserError(
                self.env._(
                    "A signing PIN has at least %s characters, three different ones.",
                    MIN_LENGTH,
                )
            )

    @api.model
    def _set_pin(self, pin):
        """Set the current user's PIN, and write down that he did."""
        own = self._get_own()
        own.pin = self.env.user._crypt_context().hash(pin)
        own._audit("set_pin")
