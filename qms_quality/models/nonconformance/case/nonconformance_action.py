from odoo import models
from odoo.exceptions import UserError

from ...sentinel import trusted
from .nonconformance import INSPECTOR

LEFT = ("draft", "approved", "in_progress")
TODO = "mail.mail_activity_data_todo"


class QmsNonconformance(models.Model):
    """The steps of a case, from opening it to its follow-up."""

    _inherit = "qms.nonconformance"

    # -- Common ------------------------------------------------------------------------

    def _check_group(self, group):
        """Refuse unless the user is in ``group``; being superuser doesn't stand in.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(group)
        self.check_access("write")

    def _check_state(self, states, action):
        """Refuse unless all cases are in one of ``states``.

        :raise UserError: names the cases that are not
        """
        wrong = self.filtered(lambda case: case.state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "%(action)s isn't possible for: %(cases)s.",
                    action=action,
                    cases=", ".join(wrong._get_name_and_state()),
                )
            )

    def _refuse(self, problems):
        """
        :param dict problems: ``{case: list of texts}``
        :raise UserError: lists them, if there are any
        """
        lines = [
            self.env._("%(case)s: %(problem)s", case=case.name, problem=problem)
            for case, texts in problems.items()
            for problem in texts
        ]
        if lines:
            raise UserError("\n".join(lines))

    def _set_state(self, state, event, reason=None, **vals):
        """Move on to a state, and say in the trail by which action."""
        trusted(self).write({"state": state, **vals})
        self._audit(event, reason=reason)

    # -- Investigation -----------------------------------------------------------------

    def action_investigate(self):
        """Start to look for the cause.

        :raise AccessError: if the user is no inspector
        :raise UserError: if the investigation of a case has begun already
        """
        self._check_investigate()
        self._investigate()

    def _check_investigate(self):
        self._check_group(INSPECTOR)
        self._check_state(["initiation"], self.env._("Investigate"))

    def _investigate(self):
        self._set_state("investigation", "investigate")
        trusted(self.filtered(lambda case: not case.user_id)).user_id = self.env.user

    # -- Disposition -------------------------------------------------------------------

    def action_dispose(self):
        """Go on to decide what becomes of the goods: the cause is known.

        Also for what is held yet when everything decided so far is done, and to decide
        anew what is still to be approved.

        :raise AccessError: if the user is no inspector
        :raise UserError: names the cases without a root cause
        """
        self._check_dispose()
        self._dispose()

    def _check_dispose(self):
        self._check_group(INSPECTOR)
        self._check_state(
            ["investigation", "approval", "execution", "follow_up"],
            self.env._("Dispose"),
        )
        self._refuse({case: case._get_disposing_problems() for case in self})

    def _get_disposing_problems(self):
        """Return what keeps this case from its dispositions. Extension point."""
        self.ensure_one()
        if not self.root_cause_id or not (self.root_cause_text or "").strip():
            return [
                self.env._(
                    "choose the root cause and describe it before you decide about the"
                    " goods."
                )
            ]
        if self.state == "follow_up" and not self._get_held_quants():
            return [self.env._("it holds no goods any more. Close it.")]
        return []

    def _dispose(self):
        self._set_state("disposition", "dispose")
        # sudo: the activities are other people's, too
        self.sudo().activity_unlink([TODO])
        self.disposition_ids._qms_void_approvals(self.env._("it is decided anew."))

    # -- Approval ----------------------------------------------------------------------

    def action_submit(self):
        """Propose the dispositions; without goods to dispose of, go on to follow-up.

        :raise AccessError: if the user is no inspector
        :raise UserError: names the cases that hold goods nobody decided about
        """
        self._check_submit()
        return self._submit()

    def _check_submit(self):
        self._check_group(INSPECTOR)
        self._check_state(["disposition"], self.env._("Submit"))
        self._refuse({case: case._get_submit_problems() for case in self})

    def _get_submit_problems(self):
        """Return what keeps the dispositions from being proposed. Extension point."""
        self.ensure_one()
        if not self._get_proposed() and self._get_held_quants():
            return [
                self.env._(
                    "it holds goods. Add a disposition that says what becomes of them."
                )
            ]
        return []

    def _get_proposed(self):
        """Return the dispositions that are not decided yet."""
        return self.disposition_ids.filtered(lambda row: row.state == "draft")

    def _submit(self):
        """Move on to approval, as far as there is something to approve.

        Extension point: asks who must approve.

        :return: an action, or nothing
        """
        proposed = self.filtered(lambda case: case._get_proposed())
        proposed._set_state("approval", "submit")
        (self - proposed)._set_state("execution", "submit")
        (self - proposed)._advance()

    # -- Execution ---------------------------------------------------------------------

    def action_execute(self):
        """Carry out what was approved.

        :return: an action, or nothing
        :raise AccessError: if the user is no inspector
        :raise UserError: if nothing is approved, or something can't be done
        """
        self._check_execute()
        return self._execute()

    def _check_execute(self):
        self._check_group(INSPECTOR)
        self._check_state(["execution"], self.env._("Execute"))
        self._refuse({case: case._get_execution_problems() for case in self})

    def _get_execution_problems(self):
        """Return what keeps this case from being carried out. Extension point."""
        self.ensure_one()
        if "approved" in self.disposition_ids.mapped("state"):
            return []
        return [self.env._("no disposition is approved and still to be carried out.")]

    def _execute(self):
        approved = self.disposition_ids.filtered(lambda row: row.state == "approved")
        return approved.action_execute()

    # -- Follow-up ---------------------------------------------------------------------

    def action_follow_up(self):
        """Go on to follow-up: all goods are disposed of.

        :raise AccessError: if the user is no inspector
        :raise UserError: names what is still to be done
        """
        self._check_follow_up()
        self._follow_up()

    def _check_follow_up(self):
        self._check_group(INSPECTOR)
        self._check_state(["execution"], self.env._("Follow Up"))
        self._refuse({case: case._get_undone_problems() for case in self})

    def _get_undone_problems(self):
        """Return what is still to be done about the goods. Extension point."""
        self.ensure_one()
        problems = []
        left = self.disposition_ids.filtered(lambda row: row.state in LEFT)
        if left:
            problems.append(
                self.env._("%s of its dispositions are not done yet.", len(left))
            )
        elif quants := self._get_held_quants():
            goods = sorted(set(quants.mapped("display_name")))
            problems.append(
                self.env._(
                    "it still holds goods: %s. Decide what becomes of them.",
                    ", ".join(goods[:5]),
                )
            )
        return problems

    def _follow_up(self):
        self._set_state("follow_up", "follow_up")
        self._release_empty()

    def _advance(self):
        """Follow the dispositions: what is approved can be carried out, and when all is
        done there is nothing left but to follow up.

        Called whenever a disposition was approved, cancelled or done.
        """
        approved = self.filtered(
            lambda case: case.state == "approval" and not case._get_proposed()
        )
        approved._set_state("execution", "approve")
        done = self.filtered(
            lambda case: case.state == "execution" and not case._get_undone_problems()
        )
        done._follow_up()
