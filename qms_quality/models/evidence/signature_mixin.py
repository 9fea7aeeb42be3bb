from odoo import api, fields, models
from odoo.exceptions import UserError

from .signature_slot import Slot


class QmsGuardedMixin(models.AbstractModel):
    """The signatures on a record, on its form."""

    _inherit = "qms.guarded.mixin"

    qms_signature_ids = fields.One2many("qms.signature", "res_id", string="Signatures")
    qms_signing_text = fields.Char(compute="_compute_qms_signing_text")
    qms_can_sign = fields.Boolean(compute="_compute_qms_can_sign")

    def _compute_qms_signing_text(self):
        requests = self._qms_get_signature_requests()
        found = requests.grouped("res_id")
        for record in self:
            mine = found.get(record._origin.id, requests.browse())
            record.qms_signing_text = "; ".join(r.text for r in mine if r.text) or False

    @api.depends_context("uid")
    def _compute_qms_can_sign(self):
        requests = self._qms_get_signature_requests()
        found = requests.sudo(False).grouped("res_id")
        for record in self:
            mine = found.get(record._origin.id, requests.browse())
            record.qms_can_sign = any(mine.mapped("can_sign"))

    def _qms_get_signature_requests(self):
        # sudo: who reads the record is told whom it waits for
        return (
            self.env["qms.signature.request"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )

    def _qms_get_required_signers(self, action, arguments):
        """Return who must sign an action whatever the rules say.

        :param str action: a name of :meth:`_qms_guarded_actions`
        :param dict arguments: what the action is called with
        :return: ``res.users``
        """
        return self.env["res.users"]

    def _qms_get_slots(self, rules, action, arguments):
        """Return the signatures that an action asks for, a :class:`Slot` for each.

        :param rules: the ``qms.signature.rule`` about the action
        :param str action: a name of :meth:`_qms_guarded_actions`
        :param dict arguments: what the action is called with
        """
        signers = self._qms_get_required_signers(action, arguments)
        every = self.env["qms.signature.meaning"]
        nobody = self.env["res.groups"]
        own = [Slot(("user", one.id), nobody, one, every, False) for one in signers]
        return own + rules._get_slots()

    def action_qms_sign(self):
        """Open the dialog to sign what is asked for on this record.

        :raise UserError: if the user has nothing to sign here
        """
        self.ensure_one()
        self.check_access("read")
        for request in self._qms_get_signature_requests().sudo(False):
            if request.can_sign:
                return self._qms_open_signing(request)
        raise UserError(
            self.env._("There is nothing for you to sign on %s.", self.display_name)
        )

    def _qms_open_signing(self, request):
        self.check_access("read")
        # sudo: what is asked for is shown on the record
        asked = request.sudo()
        return self.env["qms.signature.wizard"]._open(
            self, asked.action, asked.arguments or {}
        )

    def _qms_await_signature(self, action, arguments):
        self.env["qms.signature.request"]._ask(self, action, arguments)
        return super()._qms_await_signature(action, arguments)
