from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..sentinel import trusted
from .content import ContentLine, field_line


class QmsApproval(models.Model):
    """Agreeing is a guarded action itself: it can ask for a signature."""

    _inherit = "qms.approval"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "approve": self.env._("Approve a request"),
        }

    def _qms_check_approve(self, approver_id, step_ids):
        self._check_decide()
        if not set(self.step_id.ids) <= set(step_ids):
            raise UserError(
                self.env._("Others decided meanwhile. Look at it again, then approve.")
            )
        if approver_id != self.env.uid:
            # what one signed allows nobody else
            raise AccessError(self.env._("Everybody approves for himself only."))

    def _qms_signed_content(self, action, arguments):
        content, subject = self.content or [], self.record_name
        steps = self.step_ids.filtered(lambda one: one.id in arguments["step_ids"])
        return [
            *super()._qms_signed_content(action, arguments),
            ContentLine("record", self.action_label, self.content_hash, subject),
            *(
                ContentLine(f"content {number}", label, text, text)
                for number, (label, text) in enumerate(content)
            ),
            field_line(self, "requester_id"),
            field_line(self, "date_requested"),
            ContentLine("step", self.env._("Step"), steps.ids, steps[:1].name or ""),
        ]

    def _qms_do_approve(self, approver_id, step_ids):
        valid = self - self._void_changed()
        for approval in valid:
            approval._agree()

    def _agree(self):
        # sudo: what one decides is written by the action only
        approval = trusted(self.sudo())
        vote = approval._vote("approve")
        step = approval.step_id
        approval._tell_record("approve", self.env._("Approved by %s", vote._get_text()))
        if step._get_missing_count() > 0:
            approval._stop_asking(self.env.user | vote.on_behalf_id)
            return
        left = approval.step_ids.filtered(lambda step: step.state == "waiting")
        if not left and approval._await_signers():
            return
        step.state = "approved"
        approval._stop_asking()
        if left:
            approval._start_step(left[:1])
        else:
            approval.state = "approved"
            self._run()

    def _vote(self, decision, comment=None, delegate=None):
        """Write down a decision of the user on the next step."""
        capacity = self._get_capacity(self.env.user)
        return self.env["qms.approval.vote"].create(
            {
                "approval_id": self.id,
                "step_id": self.step_id.id,
                "user_id": self.env.uid,
                "on_behalf_id": capacity != self.env.user and capacity.id,
                "decision": decision,
                "comment": comment,
                "delegate_id": delegate and delegate.id,
            }
        )
