from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import is_trusted, trusted


class QmsTestGroup(models.Model):
    """Versions of a test group: one in force, which nobody changes any more."""

    _name = "qms.test.group"
    _inherit = ["qms.test.group", "qms.version.mixin"]

    state = fields.Selection(index=True)
    version = fields.Integer(required=True, readonly=True, copy=False, default=1)
    root_id = fields.Many2one(
        "qms.test.group",
        string="First Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    activated_on = fields.Datetime(
        string="In Force since", readonly=True, copy=False, qms_audit=False
    )
    activated_by_id = fields.Many2one(
        "res.users", string="Activated by", readonly=True, copy=False, qms_audit=False
    )
    version_count = fields.Integer(compute="_compute_version_count")

    _version_uniq = models.UniqueIndex(
        "(root_id, version) WHERE root_id IS NOT NULL",
        "A test group has each version once.",
    )

    def _init_column(self, column_name):
        if column_name != "state":
            return super()._init_column(column_name)
        # what was used without versions stays in use
        self.env.cr.execute("UPDATE qms_test_group SET state = 'active'")

    @api.depends("name", "version")
    def _compute_display_name(self):
        for group in self:
            name = group.name or ""
            if group.version > 1:
                name = self.env._(
                    "%(name)s, version %(number)s", name=name, number=group.version
                )
            group.display_name = name

    def _compute_version_count(self):
        for group in self:
            group.version_count = self.search_count(group._get_versions_domain())

    def _get_versions_domain(self):
        root = (self.root_id or self)._origin
        return [
            ("active", "in", (True, False)),
            "|",
            ("id", "=", root.id),
            ("root_id", "=", root.id),
        ]

    def _get_versions(self):
        return self.search(self._get_versions_domain(), order="version")

    # -- What can't be written by hand -------------------------------------------------

    @api.model
    def _get_protected_fields(self):
        """Return the fields that only actions write."""
        return {"state", "version", "root_id", "activated_on", "activated_by_id"}

    @api.model
    def _get_content_fields(self):
        """Return the fields that stay as they are, once the version is in force."""
        return {
            "name",
            "line_ids",
            "passed_status_id",
            "failed_status_id",
            "instructions",
            "attachment_ids",
            "company_id",
        }

    @api.model_create_multi
    def create(self, vals_list):
        if not is_trusted(self.env):
            vals_list = [self._prepare_draft_values(vals) for vals in vals_list]
        return super().create(vals_list)

    def _prepare_draft_values(self, vals):
        start = {"state": "draft", "version": 1}
        names = self._get_protected_fields()
        self._check_protected(
            {name for name in names if vals.get(name) not in (start.get(name), False)}
            & vals.keys()
        )
        # a default from the context would come in after this check
        return {**vals, **{name: start.get(name, False) for name in names}}

    def write(self, vals):
        if not is_trusted(self.env):
            self.check_access("write")
            self._check_protected(self._get_protected_fields() & vals.keys())
            if self._get_content_fields() & vals.keys():
                self._check_draft()
        return super().write(vals)

    def _check_protected(self, names):
        if names:
            labels = [self._fields[one]._description_string(self.env) for one in names]
            raise AccessError(
                self.env._(
                    "These fields of a test group are set by its buttons only: %s.",
                    ", ".join(sorted(labels)),
                )
            )

    def _check_draft(self):
        """Refuse to change versions that are, or were, in force.

        :raise UserError: names them
        """
        fixed = self.filtered(lambda group: group.state != "draft")
        if fixed and not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "These test groups are in force or were, and stay as they are: %s."
                    " Make a new version instead.",
                    ", ".join(fixed.mapped("display_name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        fixed = self.filtered(lambda group: group.state != "draft")
        if fixed and not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "These test groups are in force or were, and can't be deleted: %s."
                    " Archive them instead.",
                    ", ".join(fixed.mapped("display_name")),
                )
            )

    def _check_in_force(self):
        """Refuse to inspect by versions that are not in force.

        :raise UserError: names them
        """
        wrong = self.filtered(lambda group: group.state != "active")
        if wrong:
            raise UserError(
                self.env._(
                    "These test groups are not in force, so nothing can be inspected by"
                    " them: %s. Activate them first, or choose the version in force.",
                    ", ".join(wrong.mapped("display_name")),
                )
            )

    # -- Actions -----------------------------------------------------------------------

    @api.model
    def _get_active_values(self):
        return {
            **super()._get_active_values(),
            "activated_on": fields.Datetime.now(),
            "activated_by_id": self.env.uid,
        }

    def _hand_over(self, group):
        res = super()._hand_over(group)
        # sudo: the rules of another company follow as well
        rules = self.env["qms.quality.association"].sudo()
        rules = rules.with_context(active_test=False)
        rules.search([("test_group_id", "in", self.ids)]).test_group_id = group
        return res

    def _make_version(self, versions):
        draft = self.copy({"name": self.name})
        values = {
            "version": max(versions.mapped("version")) + 1,
            "root_id": (self.root_id or self).id,
        }
        trusted(draft).write(values)
        for attachment in self.attachment_ids:
            copied = attachment.copy({"res_model": self._name, "res_id": draft.id})
            draft.attachment_ids += copied
        return draft

    def action_open_versions(self):
        """Open all versions of a test group."""
        self.ensure_one()
        action = self._get_versions()._get_records_action(name=self.env._("Versions"))
        return {**action, "context": {"active_test": False}}
