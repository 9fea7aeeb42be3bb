from odoo import fields, models
from odoo.exceptions import AccessDenied, UserError


class QmsSigningPinWizard(models.TransientModel):
    """Asks for the mailed code and the new signing PIN; keeps neither."""

    _name = "qms.signing.pin.wizard"
    _description = "Set Signing PIN"

    # never stored: typed here, sent as arguments
    code = fields.Char(string="Code from the Mail", store=False)
    secret = fields.Char(string="Signing PIN", store=False)
    again = fields.Char(string="Signing PIN, Again", store=False)

    def action_set(self, credential=None):
        """Set the PIN.

        :param dict credential: the texts ``code``, ``secret`` and ``again``
        :raise UserError: if the code is wrong, or the PINs differ or are too short
        """
        self.ensure_one()
        user = self.env.user
        user._qms_check_set_pin()
        given = credential if isinstance(credential, dict) else {}
        code, secret, again = (
            given.get(name) if isinstance(given.get(name), str) else ""
            for name in ("code", "secret", "again")
        )
        if secret != again:
            raise UserError(self.env._("The two PINs differ."))
        pins = self.env["qms.signing.pin"]
        pins._check_strength(secret)
        self._check_code(code.strip())
        pins._set_pin(secret)
        return {"type": "ir.actions.act_window_close"}

    def _check_code(self, code):
        locks = self.env["qms.signing.lock"]
        locks._begin_try()
        try:
            self.env["qms.signing.pin"]._check_code(code)
        except AccessDenied:
            locks._end_try(self.env._("Wrong code for a signing PIN"))
            raise UserError(
                self.env._("That isn't the code, or it is too old. Ask for a new one.")
            ) from None
        locks._end_try()
