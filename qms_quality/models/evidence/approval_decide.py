from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class QmsApproval(models.Model):
    """Approve, reject, pass on, withdraw: the buttons, and who may press them."""

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
        todo = valid and valid._qms_guarded(
            "approve", approver_id=self.env.uid, step_ids=sorted(valid.step_id.ids)
        )
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
