from odoo import api, fields, models
from odoo.fields import Domain

from ...sentinel import trusted
from ..quality_order import LATE_ACTIVITY


class QmsQualityOrder(models.Model):
    """Whoever is responsible for a late order is told, once."""

    _inherit = "qms.quality.order"

    late_reminded_on = fields.Datetime(
        string="Reminded on", readonly=True, copy=False, qms_audit=False
    )

    _unreminded_idx = models.Index(
        "(date_due) WHERE late_reminded_on IS NULL AND state IN ('draft', 'open')"
    )

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"late_reminded_on"}

    def write(self, vals):
        res = super().write(vals)
        if "date_due" in vals:
            self._forget_reminders()
        return res

    def _forget_reminders(self):
        """Take the reminders back: with another day the order may be late anew."""
        reminded = self.filtered("late_reminded_on")
        if reminded:
            trusted(reminded).late_reminded_on = False
            reminded.activity_unlink([LATE_ACTIVITY])

    def _cancel(self):
        res = super()._cancel()
        self.activity_unlink([LATE_ACTIVITY])
        return res

    @api.model
    def _cron_remind_late(self, limit=200):
        """Remind of orders that are late. In batches, with progress."""
        domain = self._get_unreminded_domain()
        late = self.search(domain, order="date_due, id", limit=limit)
        late._remind()
        self.env["ir.cron"]._commit_progress(
            len(late), remaining=self.search_count(domain)
        )

    @api.model
    def _get_unreminded_domain(self):
        someone = Domain("user_id", "!=", False) | Domain(
            "team_id.user_id", "!=", False
        )
        return (
            Domain("is_late", "=", True)
            & Domain("late_reminded_on", "=", False)
            & someone
        )

    def _remind(self):
        trusted(self).late_reminded_on = fields.Datetime.now()
        for user, orders in self.grouped(lambda one: one._get_reminded()).items():
            if user:
                orders.with_context(lang=user.lang).activity_schedule(
                    LATE_ACTIVITY, user_id=user.id
                )

    def _get_reminded(self):
        """Return who is told: the responsible, or the team's, if he can see it."""
        self.ensure_one()
        for user in (self.user_id, self.team_id.user_id):
            if user.active and self.company_id in user.company_ids:
                return user
        return self.env["res.users"]
