from odoo import api, fields, models
from odoo.fields import Domain

MANAGER = "qms_quality.group_quality_manager"


class QmsApproval(models.Model):
    """Who may see a request, and who may decide it: four eyes, always."""

    _inherit = "qms.approval"

    is_concerned = fields.Boolean(
        compute="_compute_is_concerned", search="_search_is_concerned"
    )
    waits_for_me = fields.Boolean(
        string="Waiting for Me",
        compute="_compute_waits_for_me",
        search="_search_waits_for_me",
    )
    is_mine = fields.Boolean(compute="_compute_waits_for_me")

    # -- Four eyes ---------------------------------------------------------------------

    def _get_excluded(self):
        """Return who can't decide: who asked, who did it, and who decided already."""
        record = self._get_record()
        involved = record and record._qms_get_involved_users(self.action)
        votes = self.vote_ids.filtered(lambda vote: vote.decision != "delegate")
        if self.step_id.allow_repeat and not self.step_id.signer_group_ids:
            votes &= self.step_id.vote_ids
        users = self.requester_id | votes.user_id | votes.on_behalf_id
        return users | involved if involved else users

    def _get_capacity(self, user):
        """Return as whom ``user`` decides: himself, or whom he stands in for.

        Neither may be the one who asked, was involved or decided already.
        """
        self.ensure_one()
        approval = self.sudo()
        excluded = approval._get_excluded()
        if user in excluded or not user._is_human():
            return user.browse()
        able = approval.step_id._get_asked() - excluded
        if user in able:
            return approval._get_from(user) or user
        if approval.step_id.signer_group_ids:
            # nobody signs in the place of another
            return user.browse()
        principals = self.env["qms.approval.substitute"]._get_principals(user)
        return (able & principals)[:1]

    def _get_from(self, user):
        """Return who passed the step on to ``user``, if anybody did."""
        votes = self.step_id.vote_ids.filtered(lambda vote: vote.delegate_id == user)
        return (votes.on_behalf_id or votes.user_id)[:1]

    def _get_problem(self, user):
        """Return why ``user`` can't decide the next step, for people; or nothing."""
        approval = self.sudo()
        if self._get_capacity(user):
            return None
        if user == approval.requester_id:
            return self.env._("you asked for it, so somebody else must agree.")
        if user in approval.vote_ids.user_id | approval.vote_ids.on_behalf_id:
            return self.env._("you have decided on it already.")
        if user in approval._get_excluded():
            return self.env._("you did part of it, so somebody else must agree.")
        return self.env._(
            "%(step)s is for %(who)s.",
            step=approval.step_id.name,
            who=approval.step_id.asked_text,
        )

    # -- Who may see it ----------------------------------------------------------------

    @api.depends_context("uid")
    def _compute_is_concerned(self):
        concerned = self.filtered_domain(self._get_concerned_domain())
        for approval in self:
            approval.is_concerned = approval in concerned

    def _search_is_concerned(self, operator, value):
        return self._search_flag(operator, value, self._get_concerned_domain())

    def _search_flag(self, operator, value, domain):
        if operator != "in":
            return NotImplemented
        return Domain.OR([Domain(domain) if one else ~Domain(domain) for one in value])

    @api.model
    def _get_concerned_domain(self):
        """Return the requests in which the user was, is or will be asked, or asked."""
        user = self.env.user
        return Domain.OR(
            [
                [("requester_id", "=", user.id)],
                [("vote_ids.user_id", "=", user.id)],
                [("vote_ids.on_behalf_id", "=", user.id)],
                [("step_ids", "any", self._get_asked_domain())],
            ]
        )

    @api.model
    def _get_asked_domain(self):
        """Return the steps that ask the user, or whom he stands in for."""
        users = self.env.user | self.env["qms.approval.substitute"]._get_principals(
            self.env.user
        )
        groups = users.sudo().all_group_ids
        domains = [
            [("user_ids", "in", users.ids)],
            [("group_id", "in", groups.ids)],
            [("escalation_user_id", "in", users.ids)],
            [("escalation_group_id", "in", groups.ids)],
            [("signer_group_ids", "in", groups.ids)],
        ]
        if self.env.ref("qms_quality.group_compliance_officer") in groups:
            domains.append([("is_fallback", "=", True)])
        return Domain.OR(domains)

    # -- Whom it waits for -------------------------------------------------------------

    @api.depends("state", "step_id", "requester_id")
    @api.depends_context("uid")
    def _compute_waits_for_me(self):
        for approval in self:
            approval.waits_for_me = approval.state == "pending" and bool(
                approval._get_capacity(self.env.user)
            )
            approval.is_mine = approval.requester_id == self.env.user

    def _search_waits_for_me(self, operator, value):
        domain = Domain("state", "=", "pending") & Domain(
            "step_id", "any", self._get_asked_domain()
        )
        # sudo: the record rules apply to the search that asks
        found = self.sudo().search(domain).filtered("waits_for_me")
        return self._search_flag(operator, value, [("id", "in", found.ids)])
