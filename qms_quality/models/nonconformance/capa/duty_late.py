from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .duty import ACTIVITY


class QmsDuty(models.Model):
    """Duties are asked for in time; what isn't proved is brought to others."""

    _inherit = "qms.duty"
    _late_date = "date_next"
    _late_asked = "date_asked"
    _late_activity = ACTIVITY

    @api.model
    def _get_action_fields(self):
        # a duty has no state
        return self._get_late_fields()

    def _stop_asking(self):
        res = super()._stop_asking()
        self._forget_reminders()
        return res

    @api.model
    def _cron_ask(self, limit=200):
        """Ask for what is due soon, escalate what is late. In batches."""
        self._cron_remind(limit)

    @api.model
    def _get_unreminded_domain(self):
        """Return the domain of what is due soon, and nobody was asked for."""
        today = fields.Date.context_today(self)
        notices = {row[0] for row in self._read_group([], ["notice_days"])}
        soon = [
            Domain("notice_days", "=", days)
            & Domain("date_next", "<=", today + timedelta(days=days))
            for days in notices
        ]
        return (
            self._get_undone_domain()
            & Domain("date_asked", "=", False)
            & Domain.OR(soon)
        )

    def _remind(self):
        self._ask()

    def _get_late_summary(self):
        return self.env._("Not proved in time: %s", self.name)
