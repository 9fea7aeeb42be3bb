from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .approval import OFFICER


class QmsApprovalStep(models.Model):
    """A step of a request: whom it asks, as its rule said when it was asked."""

    _name = "qms.approval.step"
    _description = "Step of an Approval"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _order = "approval_id, sequence, id"
    _qms_audit_whole = "approval_id"

    approval_id = fields.Many2one(
        "qms.approval", required=True, readonly=True, index=True, ondelete="restrict"
    )
    rule_id = fields.Many2one("qms.approval.rule", readonly=True, ondelete="restrict")
    sequence = fields.Integer(readonly=True)
    name = fields.Char(string="Step", required=True, readonly=True)
    group_id = fields.Many2one("res.groups", readonly=True, ondelete="restrict")
    user_ids = fields.Many2many(
        "res.users",
        "qms_approval_step_user_rel",
        "step_id",
        "user_id",
        string="Persons",
        readonly=True,
    )
    passed_on_ids = fields.Many2many(
        "res.users",
        "qms_approval_step_passed_rel",
        "step_id",
        "user_id",
        string="Passed on by",
        readonly=True,
    )
    is_fallback = fields.Boolean(
        string="Officers Asked",
        readonly=True,
        help="Too few of those whom the rule names may decide, so the compliance"
        " officers are asked, too.",
    )
    required_count = fields.Integer(string="Must Agree", readonly=True)
    allow_repeat = fields.Boolean(readonly=True)
    needs_signature = fields.Boolean(string="Signature", readonly=True)
    signer_group_ids = fields.Many2many(
        "res.groups",
        "qms_approval_step_signer_rel",
        "step_id",
        "group_id",
        string="Signatures Missing of",
        readonly=True,
        help="All have agreed, but a signature rule about approving wants more of"
        " these to agree and sign.",
    )
    escalation_days = fields.Integer(readonly=True)
    escalation_user_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict"
    )
    escalation_group_id = fields.Many2one(
        "res.groups", readonly=True, ondelete="restrict"
    )
    is_escalated = fields.Boolean(string="Escalated", readonly=True)
    date_start = fields.Datetime(string="Since", readonly=True)
    date_due = fields.Datetime(string="Due", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Later"),
            ("pending", "Next"),
            ("approved", "Agreed"),
            ("rejected", "Rejected"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    vote_ids = fields.One2many("qms.approval.vote", "step_id", readonly=True)
    asked_text = fields.Char(string="Who", compute="_compute_texts")
    voted_text = fields.Char(string="Decided by", compute="_compute_texts")

    @api.depends(
        "group_id",
        "user_ids",
        "is_fallback",
        "vote_ids",
        "is_escalated",
        "signer_group_ids",
    )
    def _compute_texts(self):
        # sudo: names of groups and persons are part of the answer to "who is next"
        for step, known in zip(self, self.sudo(), strict=True):
            step.asked_text = known._get_asked_text()
            step.voted_text = "; ".join(vote._get_text() for vote in known.vote_ids)

    def _get_asked_text(self):
        """Return whom the step asks, for people."""
        if self.signer_group_ids:
            return self.approval_id._get_signers_text()
        names = [self.group_id.full_name] if self.group_id else []
        names += (self.user_ids - self.passed_on_ids).mapped("name")
        if self.is_fallback:
            names.append(self.env.ref(OFFICER).sudo().full_name)
        if self.is_escalated:
            names += self._get_escalation_names()
        if self.required_count > 1:
            return self.env._(
                "%(count)s of %(names)s",
                count=self.required_count,
                names=", ".join(names),
            )
        return ", ".join(names)

    def _get_escalation_names(self):
        names = [self.escalation_user_id.name, self.escalation_group_id.full_name]
        return [name for name in names if name]

    # -- Who may decide ----------------------------------------------------------------

    def _get_asked(self):
        """Return the users who are asked now, without regard to four eyes."""
        groups, users = self._get_asked_by_rule()
        users |= groups.sudo().all_user_ids
        company = self.approval_id.company_id
        return (users - self.passed_on_ids).filtered(
            lambda user: (
                user.active
                and not user.share
                and user._is_human()
                and (not company or company in user.company_ids)
            )
        )

    def _get_asked_by_rule(self):
        """Return the groups and the persons who are asked."""
        if self.signer_group_ids:
            return self.signer_group_ids, self.user_ids.browse()
        groups, users = self.group_id, self.user_ids
        if self.is_fallback:
            groups |= self.env.ref(OFFICER)
        if self.is_escalated:
            groups |= self.escalation_group_id
            users |= self.escalation_user_id
        return groups, users

    def _get_able(self):
        """Return those asked who were not involved and have not decided."""
        return self._get_asked() - self.approval_id._get_excluded()

    def _get_missing_count(self):
        """Return how many must still agree."""
        agreed = self.vote_ids.filtered(lambda vote: vote.decision == "approve")
        return self.required_count - len(agreed)

    def _prepare_start(self):
        now = fields.Datetime.now()
        days = self.escalation_days
        return {
            "state": "pending",
            "date_start": now,
            "date_due": days and now + timedelta(days=days),
            "is_fallback": len(self._get_able()) < self.required_count,
        }

    # -- Steps can't be written by hand ------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_protected(self):
        raise AccessError(self.env._("The steps of an approval are never deleted."))

    @api.model
    def _get_protection_text(self):
        return self.env._("The steps of an approval are a copy of its rule's.")
