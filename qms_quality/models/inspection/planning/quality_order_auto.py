from odoo import fields, models


class QmsQualityOrder(models.Model):
    """What follows from readings by itself, by the quality plan."""

    _inherit = "qms.quality.order"

    takes_readings = fields.Boolean(compute="_compute_takes_readings")

    def _compute_takes_readings(self):
        later = self._filter_later()
        for order in self:
            order.takes_readings = order.state in ("draft", "open") or order in later

    def _filter_later(self):
        """Return the orders whose empty readings may be entered, although they have
        passed: they passed without them, and one that fails takes that back.

        What was signed or approved stays as it is.
        """
        passed = self.filtered(
            lambda order: (
                order.state == "validated"
                and order.verdict == "passed"
                and order.plan_copy_id
            )
        )
        return passed - passed._filter_attested()

    def _filter_attested(self):
        """Return the orders whose validation rests on a signature or an approval."""
        if not self:
            return self
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("action", "=", "validate"),
        ]
        # sudo: they count for those, too, who may not read them
        signed = self.env["qms.signature"].sudo().search_fetch(domain, ["res_id"])
        domain.append(("state", "=", "used"))
        agreed = self.env["qms.approval"].sudo().search_fetch(domain, ["res_id"])
        ids = {*signed.mapped("res_id"), *agreed.mapped("res_id")}
        return self.filtered(lambda order: order._origin.id in ids)

    # -- Following readings ------------------------------------------------------------

    def _record_readings(self, date):
        res = super()._record_readings(date)
        self._follow_plan()
        return res

    def _follow_plan(self):
        """Take back verdicts that don't hold any more, and give those that are certain.

        Called when readings, counts or the status of a specification have changed.
        """
        planned = self.filtered("plan_copy_id")
        planned._take_back()
        planned._validate_automatically()

    def _take_back(self):
        """Reopen orders that passed, where a later reading says otherwise."""
        wrong = self.filtered(
            lambda order: (
                order.state == "validated"
                and order.verdict == "passed"
                and order._get_plan_outcome() != "passed"
            )
        )
        if not wrong:
            return
        reason = self.env._("What came after the verdict says otherwise")
        wrong.with_context(qms_reason=reason)._reopen()
        # an entry of its own: the next verdict may follow at once
        self.env["qms.audit.entry"]._write_pending()
        wrong._hold_at_once()
        for order in wrong.filtered(lambda one: not one.plan_copy_id.order_auto):
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=order._get_person().id or self.env.uid,
                summary=reason,
                note=self.env._("The goods are held again. Finish the inspection."),
            )

    def _is_finished(self):
        """Tell whether nothing is to be read any more before the verdict.

        What passes is free at once. What fails is held already, and the rest of its
        readings can still be entered.
        """
        self.ensure_one()
        specs = self._get_judged_specs()
        passed = self._get_plan_outcome() == "passed"
        return passed or all(spec._is_finished() for spec in specs)

    def _validate_automatically(self):
        """Validate orders whose verdict is certain, where their plan says so.

        A rule that asks for a signature or an approval is never passed: people are
        asked for it.
        """
        ready = self.filtered(
            lambda order: (
                order.plan_copy_id.order_auto
                and order.state in ("draft", "open")
                and not order._get_validation_problems()
                and order._is_finished()
            )
        )
        reason = self.env._("By the quality plan")
        ready = ready.with_context(qms_reason=reason)._qms_let_pass("validate")
        if ready:
            ready._validate()
