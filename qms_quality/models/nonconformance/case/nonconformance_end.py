from odoo import api, fields, models
from odoo.exceptions import UserError

from ...evidence.content import field_line
from ...evidence.reason_rule import MIN_LENGTH
from ...sentinel import trusted
from .nonconformance import DONE_STATES, MANAGER
from .nonconformance_action import LEFT, TODO

BEGUN = ("in_progress", "done")


class QmsNonconformance(models.Model):
    """How a case ends: closed when its goods are disposed of, or cancelled."""

    _inherit = "qms.nonconformance"

    # -- Closing -----------------------------------------------------------------------

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "close": self.env._("Close a nonconformance"),
        }

    def action_close(self):
        """Close cases whose goods are disposed of.

        :return: an action, where a rule asks for a signature or an approval
        :raise AccessError: if the user is no quality manager
        :raise UserError: names what is still to be done
        """
        return self._qms_guarded("close")

    def _qms_check_close(self):
        self._check_group(MANAGER)
        self._check_state(["follow_up"], self.env._("Close"))
        self._refuse({case: case._get_closing_problems() for case in self})

    def _get_closing_problems(self):
        """Return what keeps this case from being closed. Extension point."""
        self.ensure_one()
        return self._get_undone_problems()

    def _qms_do_close(self):
        self._release_empty()
        self._set_state(
            "closed",
            "close",
            date_closed=fields.Datetime.now(),
            closed_by_id=self.env.uid,
        )
        # sudo: the activities are other people's, too
        self.sudo().activity_unlink([TODO])

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in self._get_signed_fields()),
        ]

    @api.model
    def _get_signed_fields(self):
        return [
            "name",
            "subject",
            "type",
            "severity",
            "problem_type_id",
            "product_id",
            "lot_ids",
            "quantity",
            "partner_id",
            "quality_order_id",
            "failure_ids",
            "root_cause_id",
            "root_cause_text",
            "disposition_ids",
        ]

    def _qms_get_involved_users(self, action):
        # sudo: the dispositions are looked at whoever approves
        rows = self.sudo().disposition_ids
        involved = super()._qms_get_involved_users(action)
        return involved | self.sudo().user_id | rows.executed_by_id

    # -- Cancelling --------------------------------------------------------------------

    def action_cancel(self, reason=None):
        """Give up cases. What a failed quality order held, it holds again.

        :param str reason: why; asked for in a dialog, if empty
        :return: the dialog, or nothing
        :raise AccessError: if the user is no quality manager
        :raise UserError: names the cases whose goods were disposed of, or still have to
        """
        self._check_cancel()
        if not reason:
            return self.env["qms.nonconformance.wizard"]._open(self, "cancel")
        self._cancel(self._check_reason(reason))
        return None

    def _check_cancel(self):
        self._check_group(MANAGER)
        states = set(dict(self._fields["state"].selection)) - {*DONE_STATES}
        self._check_state(states, self.env._("Cancel"))
        self._refuse({case: case._get_cancel_problems() for case in self})

    def _get_cancel_problems(self):
        """Return what keeps this case from being cancelled. Extension point."""
        self.ensure_one()
        if self.disposition_ids.filtered(lambda row: row.state in BEGUN):
            return [
                self.env._(
                    "some of its goods were disposed of. See it through and close it."
                )
            ]
        if not self.quality_order_id and self._get_held_quants():
            return [
                self.env._(
                    "it holds goods. Dispose of them before you give it up; to free"
                    " them, use them as they are."
                )
            ]
        return []

    def _check_reason(self, reason):
        """Return the reason without blanks around it.

        :raise UserError: if it says nothing
        """
        # other programs send anything
        reason = reason.strip() if isinstance(reason, str) else ""
        if len(reason) < MIN_LENGTH:
            raise UserError(
                self.env._(
                    "%(cases)s: say why, in at least %(length)s characters.",
                    cases=", ".join(self.mapped("name")),
                    length=MIN_LENGTH,
                )
            )
        return reason

    def _cancel(self, reason):
        rows = self.disposition_ids.filtered(lambda row: row.state in LEFT)
        trusted(rows).write({"state": "cancelled"})
        rows._qms_void_approvals(self.env._("its case was cancelled."))
        self._qms_void_approvals(self.env._("it was cancelled."))
        # before the holds go back: an open case would take them again
        self._set_state("cancelled", "cancel", reason)
        self._message_log_batch({case.id: reason for case in self})
        self._hand_back()

    def _hand_back(self):
        """Let the failed quality orders hold their goods again."""
        holds = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        by_case = holds.grouped("res_id")
        holds._hand_over_each(
            {
                hold: case.quality_order_id.sudo()
                for case in self.filtered("quality_order_id")
                for hold in by_case.get(case.id, ())
            },
            self.env._("Nonconformance cancelled"),
        )
        self._release_empty()

    # -- Opening again -----------------------------------------------------------------

    def action_reopen(self, reason=None):
        """Investigate again what was closed or cancelled.

        :param str reason: why; asked for in a dialog, if empty
        :return: the dialog, or nothing
        :raise AccessError: if the user is no quality manager
        :raise UserError: if a case is not done, or its order has another one
        """
        self._check_reopen()
        if not reason:
            return self.env["qms.nonconformance.wizard"]._open(self, "reopen")
        self._reopen(self._check_reason(reason))
        return None

    def _check_reopen(self):
        self._check_group(MANAGER)
        self._check_state(DONE_STATES, self.env._("Reopen"))
        cancelled = self.filtered(lambda case: case.state == "cancelled")
        others = self._find_for_orders(cancelled.quality_order_id)
        self._refuse(
            {
                case: [
                    self.env._(
                        "%(order)s has another case by now, %(other)s.",
                        order=case.quality_order_id.name,
                        other=others[case.quality_order_id].name,
                    )
                ]
                for case in cancelled
                if case.quality_order_id in others
            }
        )

    def _reopen(self, reason):
        cancelled = self.filtered(lambda case: case.state == "cancelled")
        self._set_state(
            "investigation", "reopen", reason, date_closed=False, closed_by_id=False
        )
        self._message_log_batch({case.id: reason for case in self})
        cancelled._take_over_holds(
            {case.quality_order_id: case for case in cancelled if case.quality_order_id}
        )
        cancelled.filtered(lambda case: not case.quality_order_id)._hold_goods()
