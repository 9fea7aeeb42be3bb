from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...sentinel import trusted
from .capa import DONE_STATES
from .capa_step import ACTIVITY


class QmsCapaAction(models.Model):
    """Who has a late step is reminded; later it is brought to others."""

    _inherit = "qms.capa.action"

    reminded_on = fields.Datetime(readonly=True, copy=False, qms_audit=False)
    escalated_on = fields.Datetime(
        string="Escalated on", readonly=True, copy=False, qms_audit=False
    )

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | {"reminded_on", "escalated_on"}

    @api.model
    def _get_late_domain(self):
        """Return the domain of what should have been done by now."""
        today = fields.Date.context_today(self)
        return (
            Domain("state", "=", "todo")
            & Domain("capa_id.state", "not in", DONE_STATES)
            & Domain("date_deadline", "<", today)
        )

    def write(self, vals):
        res = super().write(vals)
        if {"user_id", "date_deadline"} & vals.keys():
            # another day or person may be late anew
            reminded = self.filtered("reminded_on")
            trusted(reminded).write({"reminded_on": False, "escalated_on": False})
        return res

    @api.model
    def _cron_remind(self, limit=200):
        """Remind of late steps, then escalate. In batches, with progress."""
        unreminded = self._get_unreminded_domain()
        to_remind = self.search(unreminded, order="date_deadline, id", limit=limit)
        to_remind._remind()
        unescalated = self._get_unescalated_domain()
        to_escalate = self.search(unescalated, order="date_deadline, id", limit=limit)
        to_escalate._escalate()
        self.env["ir.cron"]._commit_progress(
            len(to_remind) + len(to_escalate),
            remaining=self.search_count(unreminded | unescalated),
        )

    @api.model
    def _get_unreminded_domain(self):
        return self._get_late_domain() & Domain("reminded_on", "=", False)

    @api.model
    def _get_unescalated_domain(self):
        today = fields.Date.context_today(self)
        due = [
            Domain("company_id", "in", companies.ids)
            & Domain("date_deadline", "<", today - timedelta(days=days))
            for days, companies in self.env["res.company"]
            .search([])
            .grouped("qms_capa_escalate_days")
            .items()
        ]
        return (
            self._get_late_domain()
            & Domain("reminded_on", "!=", False)
            & Domain("escalated_on", "=", False)
            & Domain.OR(due)
        )

    def _remind(self):
        trusted(self).reminded_on = fields.Datetime.now()
        for step in self.filtered("user_id.active"):
            step.with_context(lang=step.user_id.lang)._remind_owner()
        self._audit("remind")

    def _remind_owner(self):
        """Write to the owner, in his language."""
        self.ensure_one()
        self.message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=self.env._("Late: %s", self.name),
            body=self.env._(
                "%(step)s of %(capa)s was due on %(date)s.",
                step=self.name,
                capa=self.capa_id.display_name,
                date=format_date(self.env, self.date_deadline),
            ),
        )

    def _escalate(self):
        trusted(self).escalated_on = fields.Datetime.now()
        for step in self:
            user = step._get_above()
            step.with_context(lang=user.lang)._bring_to(user)
            step._audit("escalate", reason=user.name)

    def _bring_to(self, user):
        """Give somebody else an activity about a late step."""
        self.ensure_one()
        self.activity_schedule(
            ACTIVITY,
            user_id=user.id or self.env.uid,
            summary=self.env._("Not done in time: %s", self.name),
            note=self.env._(
                "%(owner)s was reminded and has not done it. It was due on %(date)s.",
                owner=self.user_id.name,
                date=format_date(self.env, self.date_deadline),
            ),
        )

    def _get_above(self):
        """Return to whom a late step is brought: the owner of its CAPA, or, if that is
        the same person, a quality manager."""
        self.ensure_one()
        capa = self.capa_id
        told = capa._get_told()
        if told and told != self.user_id:
            return told
        return capa._get_manager(self.company_id, but=self.user_id)
