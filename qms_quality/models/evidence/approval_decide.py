from odoo import api, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tools import SQL

from ..sentinel import trusted
from .content import ContentLine, field_line


class QmsApproval(models.Model):
    """Approve, reject, pass on, withdraw: who may, and what follows."""

    _inherit = "qms.approval"

    # -- Buttons -----------------------------------------------------------------------

    def action_approve(self):
        """Agree to the next step of these requests; sign where the step asks for it.

        :raise AccessError, UserError: names the requests the user can't decide
        :return: the dialog to sign, a message, or nothing
        """
        self._check_decide()
        changed = self._void_changed()
        valid = self - changed
        todo = valid and valid._qms_guarded("approve", approver_id=self.env.uid)
        return todo or changed._prepare_void_message()

    def action_reject(self):
        """Ask why, then reject.

        :raise AccessError, UserError: names the requests the user can't decide
        """
        self._check_decide()
        return self.env["qms.approval.wizard"]._open(self, "reject")

    def action_delegate(self):
        """Ask to whom, then pass these requests on.

        :raise AccessError, UserError: names the requests the user can't decide
        """
        self._check_decide()
        return self.env["qms.approval.wizard"]._open(self, "delegate")

    def action_withdraw(self):
        """Take back what one asked for.

        :raise AccessError: if somebody else asked
        :raise UserError: if a request is closed already
        """
        self._lock()
        self._check_withdraw()
        self._close("withdrawn")
        for approval in self:
            text = self.env._("The request for approval was withdrawn")
            approval._tell_record("withdraw_approval", text)

    def action_open_record(self):
        """Open what the request is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    # -- Who may -----------------------------------------------------------------------

    def _lock(self):
        """Let decisions on a request follow each other.

        Whoever comes second finds the row changed, and runs again on the new state.
        """
        self.env.cr.execute(
            SQL(
                "SELECT id FROM qms_approval WHERE id IN %s ORDER BY id FOR UPDATE",
                tuple(self.ids or [0]),
            )
        )

    def _check_decide(self):
        """Refuse unless the user may decide the next step of each request.

        :raise UserError: if a request is closed
        :raise AccessError: names the requests, and why the user can't
        """
        self.check_access("read")
        self._lock()
        self._check_pending()
        problems = [
            f"- {approval.name}: {problem}"
            for approval in self
            if (problem := approval._get_problem(self.env.user))
        ]
        if problems:
            raise AccessError(
                self.env._("You can't decide this:\n%s", "\n".join(problems))
            )

    def _check_pending(self):
        closed = self.filtered(lambda approval: approval.state != "pending")
        if closed:
            raise UserError(
                self.env._(
                    "Nothing is left to decide here: %s.",
                    ", ".join(closed._get_name_and_state()),
                )
            )

    def _check_withdraw(self):
        self.check_access("read")
        others = self.filtered(lambda one: one.requester_id != self.env.user)
        if others:
            raise AccessError(
                self.env._(
                    "Only who asked can withdraw: %s.",
                    ", ".join(
                        f"{one.name} ({one.requester_id.sudo().name})" for one in others
                    ),
                )
            )
        closed = self.filtered(lambda one: one.state not in ("pending", "approved"))
        if closed:
            raise UserError(
                self.env._(
                    "These requests are closed already: %s.",
                    ", ".join(closed._get_name_and_state()),
                )
            )

    def _get_name_and_state(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return [f"{one.name} ({states[one.state]})" for one in self]

    # -- Agreeing ----------------------------------------------------------------------

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "approve": self.env._("Approve a request"),
        }

    def _qms_check_approve(self, approver_id):
        self._check_decide()
        if approver_id != self.env.uid:
            # what one signed allows nobody else
            raise AccessError(self.env._("Everybody approves for himself only."))

    def _qms_signed_content(self, action, arguments):
        content = self.content or []
        return [
            *super()._qms_signed_content(action, arguments),
            ContentLine(
                "record", self.action_label, self.content_hash, self.record_name
            ),
            *(
                ContentLine(f"content {number}", label, text, text)
                for number, (label, text) in enumerate(content)
            ),
            field_line(self, "requester_id"),
            field_line(self, "date_requested"),
            field_line(self, "step_id"),
        ]

    def _qms_do_approve(self, approver_id):
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
        step.state = "approved"
        approval._stop_asking()
        left = approval.step_ids.filtered(lambda step: step.state == "waiting")
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

    # -- Rejecting and passing on ------------------------------------------------------

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
            approval._tell_requester(text)

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

    # -- What was agreed to is done at once --------------------------------------------

    def _run(self):
        """Do what everybody agreed to, for who asked; if it can't be done, tell him."""
        for approval in self:
            try:
                with self.env.cr.savepoint():
                    approval._run_action()
            except (UserError, RedirectWarning) as error:
                approval._tell_not_run(str(error.args[0]))
            else:
                if approval.sudo().state != "used":
                    approval._tell_not_run(self.env._("A signature is missing."))

    def _run_action(self):
        record = self._get_record_of_requester()
        arguments = self.sudo().arguments or {}
        if self.sudo().is_direct:
            record._qms_guarded(self.action, **arguments)
            return
        # the right to it was checked where it was asked for
        ready = record._qms_let_pass(self.action, **arguments)
        getattr(ready, f"_qms_do_{self.action}")(**arguments)

    def _get_record_of_requester(self):
        """Return the record as who asked sees it: with his rights, and no others."""
        approval = self.sudo()
        user = approval.requester_id
        if not user.active and user._is_human():
            raise UserError(self.env._("%s can't log in any more.", user.name))
        company = approval.company_id or user.company_id
        context = {"lang": user.lang, "tz": user.tz}
        context["allowed_company_ids"] = company.ids
        env = self.env(user=user.id, context=context, su=False)
        return env[approval.res_model].browse(approval.res_id)
