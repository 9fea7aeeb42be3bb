from datetime import timedelta

from odoo import fields, models

from ...sentinel import trusted, untrusted

LAYOUT = "mail.mail_notification_layout_with_responsible_signature"


class QmsSupplierClaim(models.Model):
    """The mails to the vendor, and until when he is to answer."""

    _inherit = "qms.supplier.claim"

    def _prepare_dates(self):
        """Return the dates to answer by, those that were chosen before the others."""
        self.ensure_one()
        company, today = self.company_id, fields.Date.context_today(self)
        containment = self.date_containment or today + timedelta(
            days=company.qms_claim_containment_days
        )
        deadline = self.date_deadline or today + timedelta(days=company.qms_claim_days)
        return {
            "date_containment": min(containment, deadline),
            "date_deadline": deadline,
            "date_reminder": self._get_reminder_date(containment, deadline),
        }

    def _update_dates(self):
        """Follow dates that were changed while an answer is awaited."""
        for claim in self.filtered(lambda claim: claim.state == "sent"):
            trusted(claim).write(claim._prepare_dates())

    def _get_reminder_date(self, containment, deadline):
        """Return the day after the first date that the vendor still has to keep."""
        if not self.company_id.qms_claim_reminder_days:
            return False
        due = deadline if self.answer_containment else min(containment, deadline)
        return due + timedelta(days=1)

    def _mail(self, template):
        """Write to the vendors.

        :param str template: external id of the mail template, in this addon
        """
        source = self.env.ref(f"qms_quality.{template}")
        for claim in untrusted(self):
            claim.message_post_with_source(
                source,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                email_layout_xmlid=LAYOUT,
            )
