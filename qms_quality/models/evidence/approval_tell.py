from odoo import api, fields, models

ACTIVITY = "qms_quality.mail_activity_type_approval"


class QmsApproval(models.Model):
    """Who is told what: activities, mail, and a line on the record."""

    _inherit = "qms.approval"

    def _ask(self, users):
        """Give an activity to those who are next, and to their substitutes.

        :param users: ``res.users``
        """
        substitutes = self.env["qms.approval.substitute"]._get_substitutes(users)
        users |= substitutes - self._get_excluded()
        self._make_activities(users, self.action_label, self.record_name)

    def _make_activities(self, users, summary, note):
        kind = self.env.ref(ACTIVITY, raise_if_not_found=False)
        model = self.env["ir.model"]._get(self._name)
        due = self.date_due or fields.Datetime.now()
        # sudo: who asks has no right to give others something to do
        self.env["mail.activity"].sudo().create(
            [
                {
                    "activity_type_id": kind.id if kind else False,
                    "res_model_id": model.id,
                    "res_id": self.id,
                    "user_id": user.id,
                    "summary": summary,
                    "note": note,
                    "automated": True,
                    "date_deadline": fields.Date.context_today(self, due),
                }
                for user in users
            ]
        )

    def _stop_asking(self, users=None):
        """Take back the activities, of ``users`` or of everybody."""
        # sudo: they belong to those who were asked
        activities = self.sudo().activity_ids
        if users is not None:
            activities = activities.filtered(lambda one: one.user_id in users)
        activities.unlink()

    def _tell_requester(self, summary, text):
        """Give who asked an activity, unless he knows, or is no person.

        :param str summary: what happened, in a word
        :param str text: why
        """
        for approval in self.sudo():
            user = approval.requester_id
            if user != self.env.user and user.active and user._is_human():
                approval._make_activities(user, summary, f"{approval.name}: {text}")

    def _tell_not_run(self, problem):
        text = self.env._("Approved, but it can't be done: %s", problem)
        self._tell_record("approved_not_run", text)
        self._tell_requester(self.env._("Approved, but not done"), text)

    def _tell_record(self, event, text):
        """Write into the trail and onto the record what happened to the request.

        :param str event: in a word
        :param str text: for people
        """
        for approval in self.sudo():
            approval._message_log(body=text)
            record = approval._get_record()
            if not record:
                continue
            record._audit(event, reason=f"{approval.action_label}: {text}")
            if hasattr(record, "_message_log"):
                record._message_log(body=f"{approval.action_label}: {text}")

    # -- What the person sees who pressed a button -------------------------------------

    @api.model
    def _prepare_waiting_message(self, records, action):
        """Return the client action that says whom ``records`` wait for, or nothing."""
        if not records:
            return None
        waiting = self._search_open(records._name, records.ids, action)
        lines = [
            approval._get_waiting_text()
            for approval in waiting
            if approval.state == "pending"
        ]
        return self._prepare_notification(self.env._("Waiting for approval"), lines)

    def _get_waiting_text(self):
        """Return whom the request waits for, for people: one sentence."""
        approval = self.sudo()
        text = self.env._(
            "%(record)s waits for %(who)s (%(step)s)",
            record=approval.record_name,
            who=approval.step_id.asked_text,
            step=approval.step_id.name,
        )
        if approval.step_id.is_fallback:
            text += ". " + self.env._(
                "Too few of those whom the rule names may decide, so the compliance"
                " officers are asked, too"
            )
        if approval.requester_id != self.env.user:
            text += ". " + self.env._("%s asked for it", approval.requester_id.name)
        return text + "."

    def _prepare_void_message(self):
        if not self:
            return None
        lines = [
            f"{approval.name}. {approval.sudo().close_reason}" for approval in self
        ]
        return self._prepare_notification(
            self.env._("The approval is void"), lines, "warning"
        )

    @api.model
    def _prepare_notification(self, title, lines, kind="info"):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": title,
                "message": "\n".join(lines),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
