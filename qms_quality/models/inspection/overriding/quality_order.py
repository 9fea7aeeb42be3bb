from odoo import api, fields, models
from odoo.exceptions import UserError

from ...evidence.content import ContentLine
from ...evidence.reason_rule import MIN_LENGTH
from ...number_text import format_quantity
from ...sentinel import trusted
from ..quality_order import MANAGER


class QmsQualityOrder(models.Model):
    """A quality manager can decide against the readings, and says why."""

    _inherit = "qms.quality.order"

    override_ids = fields.One2many(
        "qms.quality.override", "order_id", string="Overrides", readonly=True
    )

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "override": self.env._("Override a result or a status"),
            "accept_part": self.env._("Accept a part of a lot"),
        }

    def _qms_signed_content(self, action, arguments):
        content = super()._qms_signed_content(action, arguments)
        if action in ("override", "accept_part"):
            content.append(self._prepare_decision_line(action, arguments))
        return content

    def _prepare_decision_line(self, action, arguments):
        """Return what is decided and why, as a line of what is signed or approved."""
        label = self._qms_guarded_actions()[action]
        if action == "override":
            subject = self._get_overridden(arguments["kind"], arguments["subject_id"])
            what, verdict = subject.display_name, arguments["verdict"]
        else:
            quantity = format_quantity(self.env, arguments["quantity"])
            what = f"{quantity} {self.uom_id.name}"
            verdict = arguments["name"] or ""
        text = " · ".join(part for part in (what, verdict, arguments["reason"]) if part)
        return ContentLine(action, label, arguments, text)

    def action_override(self, kind, subject_id, verdict, reason):
        """Decide on a specification or a test, whatever its readings say.

        :param str kind: ``spec`` or ``test``
        :param int subject_id: id of the order's specification or test
        :param str verdict: ``passed``, ``failed``, of a specification ``on_hold``, too;
            ``not_tested`` takes an override back
        :param str reason: why
        :return: an action, where a rule asks for a signature or an approval
        :raise AccessError: if the user is no quality manager
        :raise UserError: if the order is done, or what is given isn't possible
        """
        self.ensure_one()
        return self._qms_guarded(
            "override",
            # other programs send anything
            kind=kind if isinstance(kind, str) else "",
            subject_id=subject_id,
            verdict=verdict if isinstance(verdict, str) else "",
            reason=reason.strip() if isinstance(reason, str) else "",
        )

    def _qms_check_override(self, kind, subject_id, verdict, reason):
        self._check_group(MANAGER)
        self._check_state(["draft", "open"], self.env._("Override"))
        self._check_reason(reason)
        for order in self:
            order._check_verdict(order._get_overridden(kind, subject_id), verdict)

    def _check_reason(self, reason):
        if len(reason) < MIN_LENGTH:
            raise UserError(
                self.env._(
                    "%(order)s: say why, in at least %(length)s characters.",
                    order=", ".join(self.mapped("name")),
                    length=MIN_LENGTH,
                )
            )

    def _get_overridden(self, kind, subject_id):
        """Return the specification or the test of this order.

        :raise UserError: if it has none like it
        """
        self.ensure_one()
        names = {"spec": "spec_ids", "test": "test_ids"}
        found = kind in names and self[names[kind]].filtered(
            lambda one: one.id == subject_id
        )
        if not found:
            raise UserError(
                self.env._(
                    "%s has no such specification or test. Choose one of its own.",
                    self.name,
                )
            )
        return found

    def _check_verdict(self, subject, verdict):
        allowed = dict(
            subject._fields["decided_verdict"]._description_selection(self.env)
        )
        if verdict not in {*allowed, "not_tested"}:
            raise UserError(
                self.env._(
                    "%(subject)s can't be overridden with “%(verdict)s”. Possible are:"
                    " %(allowed)s.",
                    subject=subject.name,
                    verdict=verdict,
                    allowed=", ".join(allowed.values()),
                )
            )

    def _qms_do_override(self, kind, subject_id, verdict, reason):
        for order in self:
            subject = order._get_overridden(kind, subject_id)
            old = subject.verdict or "not_tested"
            # sudo: nobody may write the copies; the right was checked
            decided = verdict if verdict != "not_tested" else False
            trusted(subject.sudo()).decided_verdict = decided
            order._keep_override(
                kind,
                subject.display_name,
                old,
                verdict,
                reason,
                **{"spec_id" if kind == "spec" else "test_line_id": subject.id},
            )
            order._hold_at_once()
        self._follow_plan()

    def _keep_override(self, kind, subject, old, verdict, reason, **values):
        """Keep what was decided, by whom, why, and what it was before."""
        self.ensure_one()
        # sudo: as above
        override = trusted(self.env["qms.quality.override"].sudo()).create(
            {
                "order_id": self.id,
                "kind": kind,
                "subject": subject,
                "old_verdict": old,
                "new_verdict": verdict,
                "reason": reason,
                "user_id": self.env.uid,
                **values,
            }
        )
        labels = dict(override._fields["new_verdict"]._description_selection(self.env))
        change = {"verdict": (labels[old], labels[verdict])}
        self._audit("override", change, reason=f"{subject}: {reason}")
        self._message_log(
            body=self.env._(
                "%(subject)s: %(old)s → %(new)s, decided by hand: %(reason)s",
                subject=subject,
                old=labels[old],
                new=labels[verdict],
                reason=reason,
            )
        )

    # -- What the decision means -------------------------------------------------------

    def _get_fatal_results(self):
        return (
            super()
            ._get_fatal_results()
            .filtered(
                lambda result: (
                    result.test_line_id.decided_verdict != "passed"
                    and result.test_line_id.spec_id.decided_verdict != "passed"
                )
            )
        )

    def _get_fatal_text(self):
        text = super()._get_fatal_text()
        if text:
            return text
        decided = self.test_ids.filtered(
            lambda test: test.decided_verdict == "failed" and test.required
        )
        decided = decided.mapped("name") + self.spec_ids.filtered(
            lambda spec: spec.decided_verdict == "failed"
        ).mapped("name")
        return decided and self.env._(
            "Failed, as somebody decided: %s", ", ".join(decided)
        )

    def _get_failure_text(self):
        decided = self.override_ids.filtered(lambda one: one.new_verdict == "failed")
        if not decided or "failed" in self.result_ids.mapped("verdict"):
            return super()._get_failure_text()
        texts = [f"{one.subject} ({one.reason})" for one in decided]
        return self.env._("Inspection failed: %s", "; ".join(texts))
