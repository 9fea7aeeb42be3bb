from odoo import api, models
from odoo.exceptions import AccessError

from ..sentinel import is_trusted


class QmsProtectedMixin(models.AbstractModel):
    """Rows that the system's own actions write, and nobody else by any way.

    Whoever tries is told what to do instead.
    """

    _name = "qms.protected.mixin"
    _description = "Record Written by Actions Only"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_trusted()
        return super().create(vals_list)

    def write(self, vals):
        if not set(vals) <= self._get_free_fields():
            self._check_trusted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_protected(self):
        self._check_trusted()

    def _check_trusted(self):
        if not is_trusted(self.env):
            raise AccessError(self._get_protection_text())

    @api.model
    def _get_protection_text(self):
        """Return what is said to those who try, for people."""
        return self.env._(
            "%(model)s: written by the system only.", model=self._description
        )

    @api.model
    def _get_free_fields(self):
        """Return the fields that may be written without an action."""
        # mail.thread keeps its own counters and followers on the record
        return {"message_follower_ids", "message_main_attachment_id", "activity_ids"}
