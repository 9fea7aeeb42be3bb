from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...sentinel import trusted, untrusted
from .disposition import INSPECTOR, MANAGER

# Goods that leave go first: what stays is then less often only a part of its lot.
LAST = ("use_as_is", "return_production", "customer")
# Nothing has happened to the goods of these while they are carried out.
REVOCABLE = ("sort", "customer")


class QmsDisposition(models.Model):
    """Approved, carried out, cancelled: each once, by who may."""

    _inherit = "qms.disposition"

    # -- Checks that several actions share ---------------------------------------------

    def _check_group(self, group):
        """Refuse unless the user is in ``group``; being superuser doesn't stand in.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(group)
        self.check_access("write")

    def _check_state(self, states, action):
        """Refuse unless all rows are in one of ``states``.

        :raise UserError: names those that are not
        """
        wrong = self.filtered(lambda row: row.state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "%(action)s isn't possible for: %(rows)s.",
                    action=action,
                    rows=", ".join(wrong._get_name_and_state()),
                )
            )

    def _check_case_state(self, state, action):
        """Refuse unless the cases of all rows have come to the step ``state``."""
        cases = self.nonconformance_id
        wrong = cases.filtered(lambda case: case.state != state)
        if wrong:
            steps = dict(cases._fields["state"]._description_selection(self.env))
            names = [f"{case.name} ({steps[case.state]})" for case in wrong]
            raise UserError(
                self.env._(
                    "%(action)s is for cases in the step %(step)s, not: %(cases)s.",
                    action=action,
                    step=steps[state],
                    cases=", ".join(names),
                )
            )

    def _lock(self):
        """Let decisions about one case follow each other.

        Who comes second finds the case changed, and runs again on what it is by then.
        """
        self.flush_recordset()
        # sudo: a lock, nothing is changed
        cases = self.sudo().nonconformance_id
        self.env.cr.execute(
            SQL(
                """UPDATE qms_nonconformance SET write_date = write_date WHERE id IN (
                       SELECT id FROM qms_nonconformance WHERE id IN %s
                       ORDER BY id FOR UPDATE)""",
                tuple(cases.ids or [0]),
            )
        )

    # -- Approving ---------------------------------------------------------------------

    def action_approve(self):
        """Approve proposals, as far as the rules about it are met.

        Where a rule says who approves, any inspector may ask for it; where none does,
        only quality managers approve.

        :raise AccessError: if the user may not
        :raise UserError: all that is wrong with the rows
        """
        return self._qms_guarded("approve")

    def _qms_check_approve(self):
        self._check_group(INSPECTOR)
        if self - self._get_ruled():
            self.env.user._qms_check_group(MANAGER)
        self._lock()
        action = self.env._("Approve")
        self._check_state(["draft"], action)
        self._check_case_state("approval", action)
        self._check_problems()

    def _get_ruled(self):
        """Return the rows that an approval rule is about."""
        rules = self.env["qms.approval.rule"]._get_rules(self, "approve")
        return self.filtered(lambda row: row in rules)

    def _qms_do_approve(self):
        rows = trusted(self.sudo())
        for approver, some in rows._get_approvers().items():
            some.write(
                {
                    "state": "approved",
                    "approved_by_id": approver.id,
                    "date_approved": fields.Datetime.now(),
                }
            )
        rows._audit("approve")
        rows.nonconformance_id._advance()

    def _get_approvers(self):
        """Return who approved, by the last vote: ``{user: rows}``."""
        approvals = self.env["qms.approval"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("action", "=", "approve"),
                ("state", "=", "used"),
            ],
            order="id",
        )
        voters = {one.res_id: one.vote_ids[-1:].user_id for one in approvals}
        return self.grouped(lambda row: voters.get(row.id) or self.env.user)

    def _ask_approval(self):
        """Ask for the approval that rules require; the rest waits for a manager."""
        ruled = self._get_ruled()
        return ruled.action_approve() if ruled else None

    # -- Carrying out ------------------------------------------------------------------

    def action_execute(self):
        """Carry out what was approved: all of these rows, or none of them.

        :raise AccessError: if the user is no inspector
        :raise UserError: all that is in the way, of all rows
        """
        self._check_execute()
        self._execute()

    def _check_execute(self):
        self._check_group(INSPECTOR)
        self._lock()
        action = self.env._("Carry Out")
        self._check_state(["approved"], action)
        self._check_case_state("execution", action)
        self._check_problems()

    def _execute(self):
        # first: nothing is carried out twice
        trusted(self.sudo()).write(
            {
                "state": "in_progress",
                "executed_by_id": self.env.uid,
                "date_executed": fields.Datetime.now(),
            }
        )
        # sudo: who decides on goods need not be allowed to move them
        rows = untrusted(self.sudo())
        rows._audit("execute")
        for company, some in rows.grouped("company_id").items():
            kinds = some.with_company(company).grouped("kind")
            for kind in sorted(kinds, key=lambda kind: (kind in LAST, kind)):
                getattr(kinds[kind], f"_execute_{kind}")()
        rows.nonconformance_id._advance()

    def _set_done(self, quantity=None):
        """Close rows that were carried out.

        :param float quantity: how much of it, if not all
        """
        rows = trusted(self.sudo())
        for row in rows:
            row.write(
                {
                    "state": "done",
                    "date_done": fields.Datetime.now(),
                    "done_quantity": (
                        row._get_freed_quantity() if quantity is None else quantity
                    ),
                }
            )
        rows._audit("done")
        rows._after_done()
        rows.nonconformance_id._close_empty_holds()
        rows.nonconformance_id._advance()

    def _after_done(self):
        """Follow what was carried out, such as its costs. Extension point."""

    # -- Giving up ---------------------------------------------------------------------

    def action_cancel(self, reason=None):
        """Give up what is not carried out yet; its goods stay held and undecided.

        :param str reason: why
        :raise AccessError: for approved rows, if the user is no quality manager
        :raise UserError: if a row is being carried out, done or cancelled
        """
        self._check_cancel()
        self._cancel(reason)

    def _check_cancel(self):
        approved = self.filtered(lambda row: row.state != "draft")
        self._check_group(MANAGER if approved else INSPECTOR)
        self._lock()
        begun = self.filtered(
            lambda row: row.state == "in_progress" and row.kind in REVOCABLE
        )
        (self - begun)._check_state(["draft", "approved"], self.env._("Cancel"))

    def _cancel(self, reason=None):
        rows = trusted(self.sudo())
        rows.write({"state": "cancelled"})
        rows._audit("cancel", reason=reason if isinstance(reason, str) else None)
        self._qms_void_approvals(self.env._("it was cancelled."))
        rows.nonconformance_id._advance()
