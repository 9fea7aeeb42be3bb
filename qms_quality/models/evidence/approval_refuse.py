from odoo import models
from odoo.exceptions import UserError

from ..sentinel import trusted


class QmsApproval(models.Model):
    """Rejecting a request, and passing it on."""

    _inherit = "qms.approval"

    def _reject(self, comment):
        """Reject requests; one rejection ends the whole request.

        :param str comment: why
        """
        self._check_decide()
        for approval in trusted(self.sudo()):
            vote = approval._vote("reject", comment)
            approval.step_id.state = "rejected"
            approval._close("rejected", comment)
            text = f"{vote._get_text()}: {comment}"
            approval._tell_record("reject", text)
            approval._tell_requester(self.env._("Approval rejected"), text)

    def _delegate(self, user, comment=None):
        """Let another person decide the next step in the user's place.

        :param user: ``res.users``
        :param str comment: why
        :raise UserError: if that person can't decide
        """
        self._check_decide()
        for approval in trusted(self.sudo()):
            approval._check_delegate(user)
            capacity = approval._get_capacity(self.env.user)
            vote = approval._vote("delegate", comment, user)
            approval.step_id.write(
                {"user_ids": [(4, user.id)], "passed_on_ids": [(4, capacity.id)]}
            )
            approval._stop_asking(self.env.user | capacity)
            approval._ask(user)
            approval._tell_record("delegate", vote._get_text())

    def _check_delegate(self, user):
        step = self.step_id
        if step.signer_group_ids:
            raise UserError(
                self.env._(
                    "%(approval)s waits for signatures of %(who)s, as its signature"
                    " rule says: that can't be passed on.",
                    approval=self.name,
                    who=step.asked_text,
                )
            )
        taken = self._get_excluded() | step.passed_on_ids | step._get_asked()
        if user in taken or user.share or not user.active or not user._is_human():
            raise UserError(
                self.env._(
                    "%(approval)s can't be passed on to %(user)s: it must be another"
                    " employee, who neither asked for it, was involved or has decided"
                    " on it, nor is asked already.",
                    approval=self.name,
                    user=user.name,
                )
            )
