from odoo import api, models

from ...evidence.content import field_line


class QmsTestGroup(models.Model):
    """What is signed or approved when a version of a test group is put in force."""

    _inherit = "qms.test.group"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "activate": self.env._("Put a test group in force"),
        }

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in self._get_signed_fields()),
            *(line._prepare_signed_line() for line in self.line_ids),
        ]

    @api.model
    def _get_signed_fields(self):
        return [
            "name",
            "version",
            "passed_status_id",
            "failed_status_id",
            "instructions",
            "company_id",
        ]

    def _qms_get_involved_users(self, action):
        # sudo: who wrote it is looked at whoever approves
        group = self.sudo()
        writers = group.create_uid | group.write_uid | group.line_ids.write_uid
        return super()._qms_get_involved_users(action) | writers
