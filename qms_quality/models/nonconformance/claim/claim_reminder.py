from datetime import timedelta

from odoo import api, fields, models

from ...sentinel import trusted


class QmsSupplierClaim(models.Model):
    """Vendors who don't answer are reminded, and the responsible is told."""

    _inherit = "qms.supplier.claim"

    @api.model
    def _cron_remind(self, limit=100):
        """Remind vendors of claims that are due. In batches, with progress."""
        domain = [
            ("state", "=", "sent"),
            ("date_reminder", "<=", fields.Date.context_today(self)),
        ]
        due = self.search(domain, order="date_reminder, id", limit=limit)
        due._remind()
        self.env["ir.cron"]._commit_progress(
            len(due), remaining=self.search_count(domain)
        )

    def action_remind(self):
        """Remind vendors now, whatever the dates say.

        :raise AccessError: if the user is no inspector
        :raise UserError: if a claim isn't waiting for its vendor
        """
        self._check_group("qms_quality.group_quality_inspector")
        self._check_state(["sent"], self.env._("Remind"))
        self._check_mail()
        for claim in self:
            claim._send_reminder()

    def _remind(self):
        for claim in self:
            if claim._is_reminded():
                claim._send_reminder()
            else:
                claim._put_off()
            claim._tell_late()

    def _is_reminded(self):
        """Tell whether a date has passed that the vendor had to keep."""
        today = fields.Date.context_today(self)
        is_uncontained = not self.answer_containment and self.date_containment < today
        is_late = self.date_deadline < today
        return bool(self.partner_id.email) and (is_uncontained or is_late)

    def _put_off(self):
        """Look again when the next date has passed: this one was kept."""
        today = fields.Date.context_today(self)
        days = self.company_id.qms_claim_reminder_days
        again = max(
            self._get_reminder_date(self.date_containment, self.date_deadline) or today,
            today + timedelta(days=days or 1),
        )
        trusted(self).date_reminder = again if days else False

    def _send_reminder(self):
        self._put_off()
        trusted(self).reminder_count += 1
        self._audit("remind")
        self._mail("mail_template_supplier_claim_reminder")

    def _tell_late(self):
        """Give the responsible the task to call the vendor, once."""
        late = "qms_quality.activity_claim_late"
        user = self._get_responsible()
        if self.is_late and user and not self.activity_search([late]):
            self.with_context(lang=user.lang).activity_schedule(late, user_id=user.id)
