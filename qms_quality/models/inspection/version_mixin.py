from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sentinel import trusted

MANAGER = "qms_quality.group_quality_manager"


class QmsVersionMixin(models.AbstractModel):
    """Versions of a master: one in force, drafts that may take its place, and those
    that were replaced.

    The model has guarded actions, and says what its versions are.
    """

    _name = "qms.version.mixin"
    _description = "Record with Versions"

    state = fields.Selection(
        [("draft", "Draft"), ("active", "In Force"), ("retired", "Replaced")],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )

    def _get_versions(self):
        """Return all versions of this record, drafts and replaced ones included."""
        self.ensure_one()
        return self

    @api.model
    def _get_retired_values(self):
        """Return what is written to a version that is replaced."""
        return {"state": "retired"}

    @api.model
    def _get_active_values(self):
        """Return what is written to a version that is put in force."""
        return {"state": "active"}

    def _hand_over(self, version):
        """Let what used these versions use another one. Extension point."""

    def _check_manager(self):
        """Refuse unless the user is a quality manager.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(MANAGER)
        self.check_access("write")

    def action_activate(self):
        """Put drafts in force, in the place of what they are versions of.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if one is no draft
        """
        return self._qms_guarded("activate")

    def _qms_check_activate(self):
        self._check_manager()
        wrong = self.filtered(lambda version: version.state != "draft")
        if wrong:
            raise UserError(
                self.env._(
                    "Only drafts can be put in force, not: %s.",
                    ", ".join(wrong.mapped("display_name")),
                )
            )

    def _qms_do_activate(self):
        for version in trusted(self):
            earlier = version._get_versions().filtered(
                lambda one: one.state == "active"
            )
            earlier.write(self._get_retired_values())
            earlier._audit("replace")
            # at once: two of them can't be in force
            earlier.flush_recordset()
            version.write(self._get_active_values())
            version._audit("activate")
            earlier._hand_over(version)

    def action_new_version(self):
        """Make a draft that may take the place of the version in force, or find it.

        :return: the action that opens it
        :raise AccessError: if the user is no quality manager
        """
        self.ensure_one()
        self._check_manager()
        return self._get_draft()._get_records_action()

    def _get_draft(self):
        """Return the draft that may replace the version in force, made if needed."""
        versions = self._get_versions()
        draft = versions.filtered(lambda version: version.state == "draft")[-1:]
        current = versions.filtered(lambda version: version.state == "active") or self
        return (draft or current._make_version(versions)).with_env(self.env)

    def _make_version(self, versions):
        """Return a draft that copies this version.

        :param versions: all there are
        """
        return self.copy()
