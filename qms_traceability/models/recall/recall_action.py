from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.sentinel import trusted

from .recall import COORDINATOR, DONE_STATES, RUNNING_STATES


class QmsRecall(models.Model):
    """How a recall moves on, and how it ends."""

    _inherit = "qms.recall"

    # -- Common ------------------------------------------------------------------------

    @api.model
    def _get_running_states(self):
        return list(RUNNING_STATES)

    def _check_coordinator(self):
        """Refuse unless the user is a recall coordinator who may write these.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(COORDINATOR)
        self.check_access("write")

    @api.model
    def _check_opener(self):
        """Refuse who may not open recalls.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(COORDINATOR)
        self.check_access("create")

    def _check_state(self, states, action):
        """Refuse unless all recalls are in one of ``states``.

        :raise UserError: names those that are not
        """
        wrong = self.filtered(lambda recall: recall.state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "%(action)s isn't possible for: %(recalls)s.",
                    action=action,
                    recalls=", ".join(wrong._get_name_and_state()),
                )
            )

    def _check_real(self, action):
        """Refuse what mock recalls never do.

        :raise UserError: names them
        """
        mock = self.filtered(lambda recall: recall.kind != "real")
        if mock:
            raise UserError(
                self.env._(
                    "%(action)s: a mock recall holds no goods and tells nobody:"
                    " %(recalls)s.",
                    action=action,
                    recalls=", ".join(mock.mapped("name")),
                )
            )

    def _refuse(self, problems):
        """
        :param dict problems: ``{recall: list of texts}``
        :raise UserError: lists them, if there are any
        """
        lines = [
            self.env._("%(recall)s: %(problem)s", recall=recall.name, problem=problem)
            for recall, texts in problems.items()
            for problem in texts
        ]
        if lines:
            raise UserError("\n".join(lines))

    def _set_state(self, state, event, reason=None, **vals):
        """Move on to a state, and say in the trail by which action."""
        trusted(self).write({"state": state, **vals})
        self._audit(event, reason=reason)

    # -- Closing -----------------------------------------------------------------------

    def action_close(self):
        """Close recalls of which nothing is missing.

        :return: an action, where a rule asks for a signature or an approval
        :raise AccessError: if the user is no recall coordinator
        :raise UserError: names all that is still to be done
        """
        return self._qms_guarded("close")

    def _qms_check_close(self):
        self._check_coordinator()
        mock = self.filtered(lambda recall: recall.kind == "mock")
        mock._check_state(["analysed"], self.env._("Close"))
        real = self - mock
        real._check_state(["contained", "recovery"], self.env._("Close"))
        real._update()
        self._refuse({recall: recall._get_closing_problems() for recall in self})

    def _get_closing_problems(self):
        """Return what keeps this recall from being closed. Extension point."""
        self.ensure_one()
        if self.kind == "mock":
            return []
        return [
            *self._get_customer_problems(),
            *self._get_gap_problems(),
            *(
                [self.env._("describe the conclusion.")]
                if not (self.conclusion or "").strip()
                else []
            ),
        ]

    def _get_customer_problems(self):
        untold = self.customer_ids.filtered(lambda one: one.state == "to_tell")
        problems = []
        if untold:
            problems.append(
                self.env._(
                    "these customers are not told: %s.",
                    ", ".join(untold.mapped("partner_name")),
                )
            )
        free = self.line_ids.filtered(
            lambda row: not row.is_held and not row.explanation
        )
        if free:
            problems.append(
                self.env._(
                    "these lots are not held: %s. Hold them again, or explain why not.",
                    ", ".join(free.lot_id.mapped("name")),
                )
            )
        return problems

    def _get_gap_problems(self):
        return [
            self.env._(
                "%(lot)s: explain the gaps: %(gaps)s.",
                lot=row.display_name,
                gaps=row._get_gap_text(),
            )
            for row in self.line_ids.filtered("is_gap_open")
        ]

    def _qms_do_close(self):
        for recall in self:
            recall._freeze(0)
        self._set_state(
            "closed",
            "close",
            date_closed=fields.Datetime.now(),
            closed_by_id=self.env.uid,
        )
        # sudo: the activities are other people's, too
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    # -- Cancelling --------------------------------------------------------------------

    def action_cancel(self, reason=None):
        """Give up recalls that were a false alarm; their goods are let go.

        :param str reason: why; asked for in a dialog, if empty
        :return: the dialog, or nothing
        :raise AccessError: if the user is no recall coordinator
        :raise UserError: if customers were told already, or there is no reason
        """
        self._check_cancel()
        if reason is None:
            return self.env["qms.recall.reason"]._open(self, "cancel")
        self._cancel(self._check_reason(reason))
        return None

    def _check_cancel(self):
        self._check_coordinator()
        states = set(dict(self._fields["state"].selection)) - {*DONE_STATES, "recovery"}
        self._check_state(states, self.env._("Cancel"))

    @api.model
    def _check_reason(self, reason):
        """Return a reason without blanks around it.

        :raise UserError: if there is none
        """
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say why: it is kept with the recall."))
        return reason

    def _cancel(self, reason):
        self._set_state("cancelled", "cancel", reason=reason)
        self.env["qms.hold"]._search_open(self._name, self.ids)._release(reason)
        # sudo: only actions write the rows
        trusted(self.sudo()).line_ids.write({"is_held": False})
        for recall in self:
            recall._message_log(body=self.env._("Cancelled: %s", reason))
