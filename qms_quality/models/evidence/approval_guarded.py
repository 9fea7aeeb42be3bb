from odoo import models


class QmsGuardedMixin(models.AbstractModel):
    """What a record with guarded actions tells its requests for approval."""

    _inherit = "qms.guarded.mixin"

    def _qms_get_involved_users(self, action):
        """Return who did part of what ``action`` concludes, so can't approve it.

        :param str action: a name of ``_qms_guarded_actions``
        """
        return self.env["res.users"]

    def _qms_void_approvals(self, reason):
        """End the open requests on these records, because there is no more to decide.

        :param str reason: why, for people
        """
        self._qms_get_open_approvals()._void(reason)

    def _qms_get_open_approvals(self):
        if self._name not in self.env["qms.approval.rule"]._get_guarded_models():
            return self.env["qms.approval"]
        return self.env["qms.approval"]._search_open(self._name, self.ids)

    def _qms_content_changed(self):
        """Void the open requests whose content isn't any more what was asked."""
        self._qms_get_open_approvals()._void_changed()

    def unlink(self):
        approvals = self._qms_get_open_approvals()
        res = super().unlink()
        approvals._void(self.env._("it was deleted."))
        return res
