from odoo import api, fields, models
from odoo.exceptions import UserError

from ...evidence.content import field_line
from ...sentinel import trusted
from .deviation import INSPECTOR, MANAGER

SIGNED = (
    "name",
    "product_id",
    "lot_id",
    "quantity",
    "partner_id",
    "expected",
    "found",
    "reason",
    "impact_quality",
    "impact_system",
    "impact_filing",
    "assessment",
    "decision_reason",
)


class QmsDeviation(models.Model):
    """The steps of a deviation: open, assessed, accepted or rejected, closed."""

    _inherit = "qms.deviation"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "accept": self.env._("Accept a deviation"),
            "reject": self.env._("Reject a deviation"),
            "close": self.env._("Close a deviation"),
        }

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in SIGNED),
        ]

    def _qms_get_involved_users(self, action):
        involved = super()._qms_get_involved_users(action)
        # sudo: who recorded or assessed it can't approve it, whoever looks
        own = self.sudo()
        return involved | own.user_id | own.assessed_by_id

    # -- Assess ------------------------------------------------------------------------

    def action_assess(self):
        """Say that the impact is known.

        :raise AccessError: if the user is no inspector
        :raise UserError: names what is not filled in, or not open any more
        """
        self.env.user._qms_check_group(INSPECTOR)
        self.check_access("write")
        self._check_state("open")
        self._check_filled(
            ("impact_quality", "impact_system", "impact_filing", "assessment")
        )
        self._set_state(
            "assessed",
            {
                "assessed_by_id": self.env.uid,
                "date_assessed": fields.Datetime.now(),
            },
        )

    def _check_filled(self, names):
        """Refuse deviations of which something is missing, all at once."""
        gaps = []
        for deviation in self:
            empty = [
                self._fields[name]._description_string(self.env)
                for name in names
                if not deviation[name]
            ]
            if empty:
                gaps.append(f"- {deviation.name}: {', '.join(empty)}")
        if gaps:
            raise UserError(self.env._("Fill these in first:\n%s", "\n".join(gaps)))

    def _check_state(self, *states):
        wrong = self.filtered(lambda deviation: deviation.state not in states)
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "This is for deviations that are %(states)s, not for: %(names)s.",
                    states=" / ".join(labels[state] for state in states),
                    names=", ".join(wrong._get_name_and_state()),
                )
            )

    def _set_state(self, state, values):
        trusted(self).write({**values, "state": state})
        self._audit(state)

    # -- Decide ------------------------------------------------------------------------

    def action_accept(self):
        """Accept the departure: its goods are free of it.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if it isn't assessed, or no reason is given
        :return: action where it must be signed or approved first, else ``None``
        """
        return self._qms_guarded("accept")

    def action_reject(self):
        """Reject the departure: held goods stay held, and others don't leave.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if it isn't assessed, or no reason is given
        :return: action where it must be signed or approved first, else ``None``
        """
        return self._qms_guarded("reject")

    def _check_deciding(self):
        self.env.user._qms_check_group(MANAGER)
        self.check_access("write")
        self._check_state("assessed")
        self._check_filled(("decision_reason",))

    def _qms_check_accept(self):
        self._check_deciding()

    def _qms_check_reject(self):
        self._check_deciding()

    def _qms_do_accept(self):
        self._decide("accepted")
        self._free_goods()

    def _qms_do_reject(self):
        self._decide("rejected")

    def _decide(self, decision):
        self._set_state(
            decision,
            {
                "decision": decision,
                "decided_by_id": self.env.uid,
                "date_decided": fields.Datetime.now(),
            },
        )

    # -- Close -------------------------------------------------------------------------

    def action_close(self):
        """Close deviations that were decided.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if one isn't decided
        :return: action where it must be signed or approved first, else ``None``
        """
        return self._qms_guarded("close")

    def _qms_check_close(self):
        self.env.user._qms_check_group(MANAGER)
        self.check_access("write")
        self._check_state("accepted", "rejected")

    def _qms_do_close(self):
        self._set_state("closed", {})
