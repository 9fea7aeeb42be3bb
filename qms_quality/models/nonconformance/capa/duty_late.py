from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...sentinel import trusted
from .duty import ACTIVITY


class QmsDuty(models.Model):
    """Duties are asked for in time; what isn't done is brought to others."""

    _inherit = "qms.duty"

    escalated_on = fields.Datetime(readonly=True, copy=False, qms_audit=False)

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | {"escalated_on"}

    def _stop_asking(self):
        res = super()._stop_asking()
        trusted(self.sudo()).escalated_on = False
        return res

    @api.model
    def _cron_ask(self, limit=200):
        """Ask for what is due soon, escalate what is late. In batches."""
        unasked = self._get_unasked_domain()
        to_ask = self.search(unasked, order="date_next, id", limit=limit)
        to_ask._ask()
        unescalated = self._get_unescalated_domain()
        to_escalate = self.search(unescalated, order="date_next, id", limit=limit)
        to_escalate._escalate()
        self.env["ir.cron"]._commit_progress(
            len(to_ask) + len(to_escalate),
            remaining=self.search_count(unasked | unescalated),
        )

    @api.model
    def _get_unasked_domain(self):
        today = fields.Date.context_today(self)
        notices = {row[0] for row in self._read_group([], ["notice_days"])}
        soon = [
            Domain("notice_days", "=", days)
            & Domain("date_next", "<=", today + timedelta(days=days))
            for days in notices
        ]
        return (
            self._get_due_domain() & Domain("date_asked", "=", False) & Domain.OR(soon)
        )

    @api.model
    def _get_unescalated_domain(self):
        today = fields.Date.context_today(self)
        due = [
            Domain("company_id", "in", companies.ids)
            & Domain("date_next", "<", today - timedelta(days=days))
            for days, companies in self.env["res.company"]
            .search([])
            .grouped("qms_capa_escalate_days")
            .items()
        ]
        return (
            self._get_late_domain()
            & Domain("escalated_on", "=", False)
            & Domain.OR(due)
        )

    def _escalate(self):
        trusted(self).escalated_on = fields.Datetime.now()
        capas = self.env["qms.capa"]
        for duty in self:
            user = capas._get_manager(duty.company_id, but=duty.user_id)
            duty.with_context(lang=user.lang)._bring_to(user)
            duty._audit("escalate", reason=user.name)

    def _bring_to(self, user):
        """Give somebody else an activity about a late duty."""
        self.ensure_one()
        self.activity_schedule(
            ACTIVITY,
            user_id=user.id or self.env.uid,
            summary=self.env._("Not proved in time: %s", self.name),
            note=self.env._(
                "%(owner)s was asked. It was due on %(date)s.",
                owner=self.user_id.name,
                date=format_date(self.env, self.date_next),
            ),
        )
