from odoo import fields, models
from odoo.exceptions import UserError

from ..sentinel import trusted
from .quality_order import DONE_STATES, INSPECTOR, LATE_ACTIVITY, MANAGER


class QmsQualityOrder(models.Model):
    """The actions that move a quality order from state to state."""

    _inherit = "qms.quality.order"

    # -- Actions ----------------------------------------------------------------------

    def _check_group(self, group):
        """Refuse unless the user is in ``group``; being superuser doesn't stand in.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(group)
        self.check_access("write")

    def _check_state(self, states, action):
        """Refuse unless all orders are in one of ``states``.

        :raise UserError: names the orders that are not
        """
        wrong = self.filtered(lambda order: order.state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "%(action)s isn't possible for: %(orders)s.",
                    action=action,
                    orders=", ".join(wrong._get_name_and_state()),
                )
            )

    def action_start(self):
        """Start the inspection.

        :raise AccessError: if the user is no inspector
        :raise UserError: if an order was started already
        """
        self._check_group(INSPECTOR)
        self._check_state(["draft"], self.env._("Start"))
        self._start()

    def _start(self):
        trusted(self).write({"state": "open", "date_start": fields.Datetime.now()})
        self._audit("start")
        for order in self.filtered(lambda order: not order.user_id):
            trusted(order).user_id = self.env.user

    def _record_readings(self, date):
        """Start the orders that got their first reading.

        Writing the orders also keeps a validation from passing a reading that is
        entered at the same time: one of the two waits and runs again.
        """
        trusted(self).write({"date_last_reading": date})
        if waiting := self.filtered(lambda order: order.state == "draft"):
            waiting._start()

    def action_validate(self):
        """Judge the readings: release the goods that passed, hold those that failed.

        :raise AccessError: if the user is no inspector
        :raise UserError: names all that is missing, of all orders
        """
        return self._qms_guarded("validate")

    def _qms_check_validate(self):
        self._check_group(INSPECTOR)
        self._check_validate()

    def _qms_do_validate(self):
        self._validate()

    def _check_validate(self):
        self._check_state(["draft", "open"], self.env._("Validate"))
        problems = [
            self.env._("%(order)s: %(problem)s", order=order.name, problem=problem)
            for order in self
            for problem in order._get_validation_problems()
        ]
        if problems:
            raise UserError(
                self.env._("The inspection isn't complete:")
                + "".join(f"\n- {problem}" for problem in problems)
            )

    def _get_validation_problems(self):
        """Return what keeps this order from being validated, a line each."""
        self.ensure_one()
        if not self.test_ids:
            return [self.env._("it has no tests. Add a test group.")]
        required = self.result_ids.filtered(
            lambda result: result.required and not result.is_recorded
        )
        required = required.filtered(lambda one: not one.is_automatic) or required
        if required:
            return [
                self.env._("no reading for %(reading)s", reading=result.display_name)
                for result in required
            ]
        if not any(self.result_ids.mapped("is_recorded")):
            return [self.env._("no reading was recorded")]
        return []

    def _validate(self):
        passed = self.filtered(lambda order: order._get_verdict() == "passed")
        passed._set_validated("passed")
        body = self.env._("Inspection passed")
        passed._message_log_batch({order.id: body for order in passed})
        passed._hold_passed(self.env._("Inspection passed"))
        failed = self - passed
        failed._set_validated("failed")
        # at once: every failure names its lots
        failed.fetch(["lot_ids"])
        reasons = {order: order._get_failure_text() for order in failed}
        failed._message_log_batch({order.id: why for order, why in reasons.items()})
        failed._replace_holds(
            {order: (order._get_failed_statuses(), reasons[order]) for order in failed},
            self.env._("Inspection failed"),
        )

    def _get_verdict(self):
        """Return what the specifications say together: all must have passed."""
        self.ensure_one()
        verdicts = set(self.spec_ids.mapped("verdict"))
        return "passed" if verdicts == {"passed"} else "failed"

    def _get_failed_statuses(self):
        """Return the statuses to hold goods in that failed; there is always one."""
        specs = self.spec_ids.filtered(lambda spec: spec.verdict != "passed")
        return specs.failed_status_id or self.env.ref("qms_quality.status_on_hold")

    def _get_failure_text(self):
        """Return which readings failed, for people: the hold's reason."""
        failed = self.result_ids.filtered(lambda result: result.verdict == "failed")
        texts = [
            self.env._(
                "%(reading)s: %(value)s (%(limits)s)",
                reading=result.display_name,
                value=result._get_value_text(),
                limits=result.limits,
            )
            for result in failed
        ]
        more = len(texts) - 5
        if more > 0:
            texts[5:] = [self.env._("and %s more", more)]
        return self.env._("Inspection failed: %s", "; ".join(texts))

    def _set_validated(self, verdict):
        if not self:
            return
        trusted(self).write(
            {
                "state": "validated",
                "verdict": verdict,
                "date_validated": fields.Datetime.now(),
                "validated_by_id": self.env.uid,
            }
        )
        self._audit("validate")
        self.activity_unlink(["mail.mail_activity_data_todo", LATE_ACTIVITY])

    def action_cancel(self):
        """Give up orders that are not validated, and release their goods.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if an order is validated or cancelled already
        """
        self._check_group(MANAGER)
        self._check_state(["draft", "open"], self.env._("Cancel"))
        self._cancel()

    def _cancel(self):
        trusted(self).write({"state": "cancelled"})
        self._audit("cancel")
        self._message_log_batch(
            {order.id: self.env._("Quality order cancelled") for order in self}
        )
        self.env["qms.hold"]._search_open(self._name, self.ids)._release(
            self.env._("Quality order cancelled")
        )

    def action_reopen(self):
        """Inspect again: the verdict is taken back and the goods are held again.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if an order is neither validated nor cancelled
        """
        self._check_group(MANAGER)
        self._check_state(DONE_STATES, self.env._("Reopen"))
        self._reopen()

    def _reopen(self):
        self._audit("reopen")
        held = self.filtered("open_hold_count")
        trusted(self).write(
            {
                "state": "open",
                "verdict": False,
                "date_validated": False,
                "validated_by_id": False,
            }
        )
        self._message_log_batch(
            {order.id: self.env._("Quality order reopened") for order in self}
        )
        (self - held)._place_holds(again=True)
        waiting, reason = self._get_waiting_status(), self.env._("Inspected again")
        held._replace_holds({order: (waiting, reason) for order in held}, reason)
