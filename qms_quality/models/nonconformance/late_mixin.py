from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from ..sentinel import trusted

INSPECTOR = "qms_quality.group_quality_inspector"
MANAGER = "qms_quality.group_quality_manager"


class QmsLateMixin(models.AbstractModel):
    """Work with a deadline: who has it is reminded, later it is brought to others.

    Each once for a deadline and a person. The model has ``user_id``, ``company_id`` and
    the audit trail, and a scheduled action that calls ``_cron_remind``.
    """

    _name = "qms.late.mixin"
    _description = "Work that Can Be Late"
    _inherit = ["qms.audit.mixin"]
    # what the model calls its deadline, and when somebody was asked for the work
    _late_date = "date_deadline"
    _late_asked = "reminded_on"
    _late_activity = "mail.mail_activity_data_todo"

    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    escalated_on = fields.Datetime(
        string="Escalated on", readonly=True, copy=False, qms_audit=False
    )

    @api.model
    def _get_undone_domain(self):
        """Return the domain of what is still to be done. To be overridden."""
        return Domain.FALSE

    @api.model
    def _get_undone_fields(self):
        """Return the fields that say whether something is still to be done."""
        return ["state"]

    @api.model
    def _get_late_domain(self):
        """Return the domain of what should have been done by now."""
        today = fields.Date.context_today(self)
        return self._get_undone_domain() & Domain(self._late_date, "<", today)

    @api.depends(lambda self: (self._late_date, *self._get_undone_fields()))
    def _compute_is_late(self):
        late = self.filtered_domain(self._get_late_domain())
        for record in self:
            record.is_late = record in late

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_late_domain()
        return domain if True in value else ~domain

    @api.model
    def _get_late_fields(self):
        """Return the fields that only the scheduled action writes."""
        return {self._late_asked, "escalated_on"}

    def write(self, vals):
        res = super().write(vals)
        if {"user_id", self._late_date} & vals.keys():
            # another day or person may be late anew
            self._forget_reminders()
        return res

    def _forget_reminders(self):
        names = self._get_late_fields()
        told = self.filtered(lambda record: any(record[name] for name in names))
        # sudo: whoever gives the work to another one
        trusted(told.sudo()).write(dict.fromkeys(names, False))

    # -- Who has it --------------------------------------------------------------------

    def _check_owner(self):
        """Refuse unless the user has the work, or is an inspector.

        :raise AccessError: names what is somebody else's
        """
        self.check_access("read")
        others = self.filtered(lambda record: record.user_id != self.env.user)
        if others and not self.env.user.has_group(INSPECTOR):
            raise AccessError(
                self.env._(
                    "Somebody else is responsible for: %s.",
                    ", ".join(others.mapped("display_name")),
                )
            )

    def _stop_asking(self):
        # sudo: the activities belong to those who were asked
        self.sudo().activity_unlink([self._late_activity])

    # -- The scheduled action ----------------------------------------------------------

    @api.model
    def _cron_remind(self, limit=200):
        """Remind of what is late, then escalate. In batches, with progress."""
        order = f"{self._late_date}, id"
        unreminded = self._get_unreminded_domain()
        to_remind = self.search(unreminded, order=order, limit=limit)
        to_remind._remind()
        unescalated = self._get_unescalated_domain()
        to_escalate = self.search(unescalated, order=order, limit=limit)
        to_escalate._escalate()
        self.env["ir.cron"]._commit_progress(
            len(to_remind) + len(to_escalate),
            remaining=self.search_count(unreminded | unescalated),
        )

    @api.model
    def _get_unreminded_domain(self):
        return self._get_late_domain() & Domain(self._late_asked, "=", False)

    @api.model
    def _get_unescalated_domain(self):
        today = fields.Date.context_today(self)
        due = [
            Domain("company_id", "in", companies.ids)
            & Domain(self._late_date, "<", today - timedelta(days=days))
            for days, companies in self.env["res.company"]
            .search([])
            .grouped("qms_capa_escalate_days")
            .items()
        ]
        return (
            self._get_late_domain()
            & Domain(self._late_asked, "!=", False)
            & Domain("escalated_on", "=", False)
            & Domain.OR(due)
        )

    # -- Reminding ---------------------------------------------------------------------

    def _remind(self):
        trusted(self)[self._late_asked] = fields.Datetime.now()
        for record in self:
            user = record._get_asked()
            if user.active:
                record.with_context(lang=user.lang)._remind_person(user)
        self._audit("remind")

    def _get_asked(self):
        """Return who has the work, and is reminded of it."""
        self.ensure_one()
        return self.user_id

    def _remind_person(self, user):
        """Write to who has the work, in his language."""
        self.ensure_one()
        self.message_notify(
            partner_ids=user.partner_id.ids,
            subject=self.env._("Late: %s", self.display_name),
            body=self._get_late_text(),
        )

    def _get_late_text(self):
        """Return what a reminder says."""
        self.ensure_one()
        return self.env._(
            "%(record)s was due on %(date)s.",
            record=self.display_name,
            date=format_date(self.env, self[self._late_date]),
        )

    # -- Escalating --------------------------------------------------------------------

    def _escalate(self):
        trusted(self).escalated_on = fields.Datetime.now()
        for record in self:
            user = record._get_above()
            record.with_context(lang=user.lang)._bring_to(user)
            record._audit("escalate", reason=user.name)

    def _get_above(self):
        """Return to whom late work is brought: a quality manager without it."""
        self.ensure_one()
        return self._get_manager(self.company_id, but=self._get_asked())

    @api.model
    def _get_manager(self, company, but=None):
        """Return a quality manager of ``company``, a person.

        :param company: ``res.company``
        :param but: ``res.users`` who are not meant
        """
        # sudo: who is a manager is no secret to the scheduled action
        users = self.env.ref(MANAGER).sudo().all_user_ids
        return users.filtered(
            lambda user: (
                user.active
                and company in user.company_ids
                and user._is_human()
                and user not in (but or user.browse())
            )
        )[:1]

    def _bring_to(self, user):
        """Give somebody else an activity about late work."""
        self.ensure_one()
        self.activity_schedule(
            self._late_activity,
            user_id=(user or self._get_asked()).id or self.env.uid,
            summary=self._get_late_summary(),
            note=self.env._(
                "%(person)s was reminded and has not done it. It was due on %(date)s.",
                person=self._get_asked().name or self.env._("Nobody"),
                date=format_date(self.env, self[self._late_date]),
            ),
        )

    def _get_late_summary(self):
        """Return what others are told about late work, in a line."""
        self.ensure_one()
        return self.env._("Not done in time: %s", self.display_name)
