from odoo import fields, models

from ..sentinel import trusted
from .approval import OPEN_STATES


class QmsApproval(models.Model):
    """How requests end, other than by being agreed to."""

    _inherit = "qms.approval"

    def _close(self, state, reason=None):
        if not self:
            return
        # sudo: nobody may write a request
        trusted(self.sudo()).write(
            {
                "state": state,
                "date_closed": fields.Datetime.now(),
                "close_reason": reason,
            }
        )
        self._stop_asking()

    def _void(self, reason):
        """End requests that nobody refused, say why, and tell who asked.

        :param str reason: why, for people
        """
        for approval in self:
            approval._close("void", reason)
            text = self.env._("The approval is void: %s", reason)
            approval._tell_record("void_approval", text)
            approval._tell_requester(self.env._("Approval is void"), text)

    def _void_changed(self):
        """Void the open requests whose content isn't any more what was asked.

        :return: those that it made void
        """
        changed = self.filtered(lambda approval: approval._is_changed())
        changed._void(self.env._("what was to be approved has changed since."))
        return changed

    def _is_changed(self):
        if self.state not in OPEN_STATES:
            return False
        record = self._get_record()
        return not record or self.content_hash != record._qms_content_hash(
            self.action, self.arguments or {}
        )

    def _get_record(self):
        """Return what the request is about, as superuser; nothing if it is gone."""
        self.ensure_one()
        if self.res_model not in self.env:
            return None
        # sudo: who approves need not read the record, what it says is on the request
        return self.env[self.res_model].sudo().browse(self.res_id).exists()
