from odoo import api, models
from odoo.exceptions import UserError

from ...evidence.content import ContentLine, field_line, raw_value
from ...sentinel import is_trusted


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


class QmsTestGroupLine(models.Model):
    _inherit = "qms.test.group.line"

    def _prepare_signed_line(self):
        """Return the test with its limits, as a line of what is signed."""
        self.ensure_one()
        raw = [raw_value(self, name) for name in self._get_signed_fields()]
        label = self.test_id.display_name
        return ContentLine(f"line {self.id}", label, raw, self.limits or "")

    @api.model
    def _get_signed_fields(self):
        return [
            "sequence",
            "test_id",
            "target",
            "lower_limit",
            "upper_limit",
            "uom_id",
            "required",
            "reading_number",
            "instructions",
            "date_from",
            "date_to",
            *self._get_specified_fields(),
        ]

    def _qms_content_changed(self):
        """Void the requests on the groups, if what they ask has changed."""
        self.group_id._qms_content_changed()


class IrAttachment(models.Model):
    """Documents of a version in force are part of it."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if {"raw", "datas", "db_datas", "store_fname", "name", "url"} & vals.keys():
            self._qms_check_groups()
        return super().write(vals)

    def unlink(self):
        self._qms_check_groups()
        return super().unlink()

    def _qms_check_groups(self):
        """Refuse to change documents of test groups in force.

        :raise UserError: names the documents
        """
        if is_trusted(self.env):
            return
        # sudo: whoever may change the file
        groups = (
            self.env["qms.test.group"]
            .sudo()
            .with_context(active_test=False)
            .search([("attachment_ids", "in", self.ids), ("state", "!=", "draft")])
        )
        if groups:
            raise UserError(
                self.env._(
                    "%(files)s: part of test groups in force, and stays as it is. Make"
                    " a new version of: %(groups)s.",
                    files=", ".join((groups.attachment_ids & self).mapped("name")),
                    groups=", ".join(groups.mapped("display_name")),
                )
            )
