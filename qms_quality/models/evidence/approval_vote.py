from odoo import api, fields, models
from odoo.exceptions import AccessError


class QmsApprovalVote(models.Model):
    """What one person decided, when, and in whose place. It stays."""

    _name = "qms.approval.vote"
    _description = "Decision on an Approval"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _order = "id"
    _qms_audit_whole = "approval_id"

    approval_id = fields.Many2one(
        "qms.approval", required=True, readonly=True, index=True, ondelete="restrict"
    )
    step_id = fields.Many2one(
        "qms.approval.step",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    on_behalf_id = fields.Many2one(
        "res.users", string="In Place of", readonly=True, ondelete="restrict"
    )
    decision = fields.Selection(
        [("approve", "Agreed"), ("reject", "Rejected"), ("delegate", "Passed on")],
        required=True,
        readonly=True,
    )
    delegate_id = fields.Many2one(
        "res.users", string="To", readonly=True, ondelete="restrict"
    )
    comment = fields.Text(readonly=True)
    date = fields.Datetime(
        string="On", required=True, readonly=True, default=fields.Datetime.now
    )

    _once_uniq = models.UniqueIndex(
        "(step_id, user_id) WHERE decision <> 'delegate'",
        "You have decided on this step already.",
    )

    def _get_text(self):
        """Return who decided what, for people: one line."""
        if self.decision == "delegate":
            return self.env._(
                "%(user)s passed it on to %(delegate)s",
                user=self._get_user_text(),
                delegate=self.delegate_id.name,
            )
        if self.decision == "reject":
            return self.env._("%s rejected it", self._get_user_text())
        return self._get_user_text()

    def _get_user_text(self):
        if not self.on_behalf_id:
            return self.user_id.name
        return self.env._(
            "%(user)s in place of %(principal)s",
            user=self.user_id.name,
            principal=self.on_behalf_id.name,
        )

    # pylint: disable=method-required-super
    def write(self, vals):
        # never, so without super
        raise AccessError(self.env._("A decision can't be changed, by anyone."))

    @api.ondelete(at_uninstall=False)
    def _unlink_protected(self):
        raise AccessError(self.env._("A decision can't be deleted, by anyone."))

    @api.model
    def _get_protection_text(self):
        return self.env._("Decisions are made by buttons only.")
