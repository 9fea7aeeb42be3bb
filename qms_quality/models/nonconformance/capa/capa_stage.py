from odoo import fields, models
from odoo.exceptions import UserError

from ...sentinel import trusted
from .capa import ACTIVITY, DONE_STATES, INSPECTOR, MANAGER


class QmsCapa(models.Model):
    """The actions that move a CAPA from stage to stage."""

    _inherit = "qms.capa"

    def _check_group(self, group):
        """Refuse unless the user is in ``group``.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(group)
        self.check_access("write")

    def _set_stage(self, event, state, reason=None, **values):
        """Write a stage, with its entry in the trail.

        :param str event: the trail's word for it
        :param str state: the stage
        :param str reason: why
        """
        trusted(self).write({"state": state, **values})
        self._audit(event, reason=reason)

    def _set_end(self, event, state, reason=None):
        self._set_stage(
            event,
            state,
            reason,
            date_closed=fields.Datetime.now(),
            closed_by_id=self.env.uid,
        )

    # -- Plan --------------------------------------------------------------------------

    def action_plan(self):
        """Say that cause and measures are known: the plan can be carried out.

        :raise AccessError: if the user is no inspector
        :raise UserError: lists what is missing
        """
        return self._qms_guarded("plan")

    def _qms_check_plan(self):
        self._check_group(INSPECTOR)
        self._check_stage(["open"], self.env._("Planning"))
        self._check_complete(self.env._("The plan isn't complete:"), "_get_plan_gaps")

    def _qms_do_plan(self):
        self._set_stage("plan", "planned")

    def _check_complete(self, title, method):
        """Refuse as long as something is missing.

        :param str title: what the list is headed with
        :param str method: returns what is missing, as a list of texts
        :raise UserError: lists all that is missing, of all records
        """
        gaps = [
            f"\n- {capa.name}: {gap}"
            for capa in self
            for gap in getattr(capa, method)()
        ]
        if gaps:
            raise UserError(title + "".join(gaps))

    def _get_plan_gaps(self):
        """Return what a plan still needs, as a list of texts."""
        self.ensure_one()
        gaps = self._get_check_gaps()
        if not self.root_cause_id and self.type == "corrective":
            gaps.append(self.env._("choose the root cause"))
        if not self.root_cause_text:
            gaps.append(self.env._("describe the root cause"))
        if not self._get_measures():
            gaps.append(self.env._("add a step or a rule change"))
        return gaps

    def _get_measures(self):
        """Tell whether anything is to be done, or was done since the last check."""
        self.ensure_one()
        since = self.check_ids[:1].date_done
        steps = [(one.state == "todo", one.date_done) for one in self.action_ids]
        changes = [
            (one.state == "proposed", one.date_applied) for one in self.change_ids
        ]
        return any(
            waiting or (date and (not since or date > since))
            for waiting, date in steps + changes
        )

    # -- Start -------------------------------------------------------------------------

    def action_start(self):
        """Carry the plan out: the owners of its steps are asked.

        :raise AccessError: if the user is no inspector
        :raise UserError: if a CAPA isn't planned
        """
        self._check_group(INSPECTOR)
        self._check_stage(["planned"], self.env._("Starting"))
        self._set_stage("start_capa", "in_progress")
        self.action_ids._ask()

    def _tell_when_all_done(self):
        """Tell the owner that nothing is left to do but checking."""
        for capa in self.filtered(lambda one: one.state == "in_progress"):
            if not capa._get_check_blocks():
                capa._tell(
                    self.env._("All steps are done"),
                    self.env._("Start the effectiveness check of %s.", capa.name),
                )

    # -- Check -------------------------------------------------------------------------

    def action_check(self):
        """Begin to watch whether the measures work.

        :raise AccessError: if the user is no inspector
        :raise UserError: lists what is not done yet
        """
        self._check_group(INSPECTOR)
        self._check_stage(["in_progress"], self.env._("The effectiveness check"))
        title = self.env._("The effectiveness can't be checked yet:")
        self._check_complete(title, "_get_check_blocks")
        self._set_stage("check", "check")
        self._open_checks()
        # sudo: the activities are other people's, too
        self.sudo().activity_unlink([ACTIVITY])

    def _get_check_blocks(self):
        """Return what keeps the check from beginning, as a list of texts."""
        self.ensure_one()
        steps = self.action_ids.filtered(
            lambda step: step.required and step.state == "todo"
        )
        proposed = self.change_ids.filtered(lambda one: one.state == "proposed")
        blocks = [self.env._("the step “%s” isn't done", one.name) for one in steps]
        blocks += [
            self.env._("apply or refuse: %s", one.display_name) for one in proposed
        ]
        for change in self.change_ids.filtered(lambda one: one.state == "applied"):
            blocks += change._get_pending()
        return self._get_check_gaps() + blocks

    # -- Close, cancel, reopen ---------------------------------------------------------

    def action_close(self):
        """Close CAPAs whose check has ended.

        :raise AccessError: if the user is no quality manager
        :raise UserError: lists what is missing
        """
        return self._qms_guarded("close")

    def _qms_check_close(self):
        self._check_group(MANAGER)
        self._check_stage(["check"], self.env._("Closing"))
        self._check_complete(self.env._("It can't be closed yet:"), "_get_close_gaps")

    def _get_close_gaps(self):
        """Return what closing still needs, as a list of texts."""
        self.ensure_one()
        check = self.check_ids[:1]
        gaps = []
        if check.verdict == "running":
            gaps.append(self.env._("the check goes on: %s", check.text or ""))
        if check.verdict == "undecided" and not (self.conclusion or "").strip():
            gaps.append(
                self.env._("what was counted doesn't say it. Write your conclusion")
            )
        # sudo: what came again counts, whoever may read it
        later = check.sudo()._find_cases(is_open_end=True)
        if check.verdict == "effective" and check.kind != "figure" and later:
            gaps.append(
                self.env._(
                    "it came again after the check: %s. Reopen it",
                    ", ".join(later.mapped("name")),
                )
            )
        return gaps

    def _qms_do_close(self):
        self._set_end("close", "closed")
        # sudo: the activities are other people's, too
        self.sudo().activity_unlink([ACTIVITY])

    def action_cancel(self, reason=None):
        """Give CAPAs up; without a reason, ask for it.

        :param str reason: why
        :raise AccessError: if the user is no quality manager
        :raise UserError: if one is closed or cancelled already
        """
        return self._ask_reason("cancel", reason)

    def action_reopen(self, reason=None):
        """Open CAPAs again; without a reason, ask for it.

        :param str reason: why
        :raise AccessError: if the user is no quality manager
        :raise UserError: if one is open
        """
        return self._ask_reason("reopen", reason)

    def _ask_reason(self, action, reason):
        wizard = self.env["qms.capa.reason"]
        if wizard._is_reason(reason):
            return self._qms_guarded(action, reason=reason.strip())
        getattr(self, f"_qms_check_{action}")()
        return wizard._open(self, action)

    def _qms_check_cancel(self, reason=None):
        self._check_group(MANAGER)
        states = ("open", "planned", "in_progress", "check")
        self._check_stage(states, self.env._("Cancelling"))

    def _qms_do_cancel(self, reason):
        self._set_end("cancel", "cancelled", reason)
        self._message_log_batch(dict.fromkeys(self.ids, reason))
        self._end_checks(self.env._("Cancelled"))
        self.action_ids._stop_asking()
        # sudo: the activities are other people's, too
        self.sudo().activity_unlink([ACTIVITY])
        self._qms_void_approvals(self.env._("it was cancelled."))

    def _qms_check_reopen(self, reason=None):
        self._check_group(MANAGER)
        self._check_stage(["check", *DONE_STATES], self.env._("Reopening"))

    def _qms_do_reopen(self, reason):
        self._message_log_batch(dict.fromkeys(self.ids, reason))
        self._end_checks(self.env._("Reopened"))
        self._reopen(reason)

    def _reopen(self, reason):
        self._set_stage("reopen", "open", reason, date_closed=False, closed_by_id=False)
