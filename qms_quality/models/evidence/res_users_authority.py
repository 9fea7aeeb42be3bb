from odoo import api, models

from .audit_text import LANG

EVENT = "groups"


class ResUsers(models.Model):
    """Who is given the authority of a Quality group, or loses it, is in the trail.

    21 CFR 11.10(g) limits to authorised people who may sign, alter a record or perform
    an operation. Of a user's groups only those of this system are followed, those that
    another group implies included.
    """

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._qms_tell_authority({})
        return users

    def write(self, vals):
        if "group_ids" not in vals:
            return super().write(vals)
        before = self._qms_get_authority()
        res = super().write(vals)
        self._qms_tell_authority(before)
        return res

    def unlink(self):
        before = self._qms_get_authority()
        lost = {user_id: (had, set()) for user_id, had in before.items() if had}
        if lost:
            self._qms_note_authority(lost)
            # while they still have names
            self.env["qms.audit.entry"]._write_pending()
        return super().unlink()

    def _qms_get_authority(self):
        """Return ``{user id: names of the Quality groups that he is in}``."""
        # sudo, and one language: the trail doesn't depend on who writes
        users = self.with_env(self.env(su=True, context={"lang": LANG}))
        ours = users.env["res.groups"]._qms_get_own_groups()
        return {
            user.id: set((user.all_group_ids & ours).mapped("full_name"))
            for user in users
        }

    def _qms_tell_authority(self, before):
        """Write into the trail which groups these users gained and lost.

        :param dict before: what :meth:`_qms_get_authority` returned before
        """
        changes = {}
        for user_id, has in self._qms_get_authority().items():
            had = before.get(user_id, set())
            if has != had:
                changes[user_id] = had - has, has - had
        self._qms_note_authority(changes)

    def _qms_note_authority(self, changes):
        rows = {}
        for user_id, (lost, gained) in changes.items():
            values = ", ".join(sorted(lost)), ", ".join(sorted(gained))
            rows[user_id] = [("group_ids", None, *values)]
        if rows:
            entries = self.env["qms.audit.entry"]
            entries._note(self.browse(rows), EVENT, rows, None)
