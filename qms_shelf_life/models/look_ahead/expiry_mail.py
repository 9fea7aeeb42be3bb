import logging

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.qms_quality.models.retry import is_transient

from .expiry_notice import KEEPER

_logger = logging.getLogger(__name__)

LAYOUT = "mail.mail_notification_light"
TEMPLATE = "qms_shelf_life.mail_template_expiry_report"
AHEAD = 60


class ResCompany(models.Model):
    """The expiration report comes by mail, once a month."""

    _inherit = "res.company"

    @api.model
    def _cron_mail_expiry(self):
        """Mail the report of this month, in the companies that want it.

        Each company's is committed by itself; what was mailed isn't mailed again.
        """
        progress = self.env["ir.cron"]._commit_progress
        due = self.search([("qms_expiry_mail", "=", True)]).filtered(
            lambda company: company._qms_is_report_due()
        )
        time = progress(remaining=len(due))
        for company in due:
            if not time:
                return
            company._qms_mail_expiry_safely()
            time = progress(1)

    def _qms_get_month(self):
        """Return the first day of this month, by the company's calendar."""
        self.ensure_one()
        today = self.env["stock.warehouse"].with_company(self)._qms_get_day()
        return today.replace(day=1)

    def _qms_is_report_due(self):
        last = self.qms_expiry_mail_month
        return not last or last < self._qms_get_month()

    def _qms_mail_expiry_safely(self):
        """Mail the report; what prevents one company's stops no other."""
        try:
            with self.env.cr.savepoint():
                self._qms_mail_expiry()
        except Exception as error:
            if is_transient(error):
                raise
            _logger.exception("The expiration report of %s isn't mailed", self.name)

    def _qms_mail_expiry(self):
        """Mail the report to its recipients, each language by itself."""
        self.ensure_one()
        # who else mails it at this moment is first
        if not self.try_lock_for_update(allow_referencing=True):
            return
        self.qms_expiry_mail_month = self._qms_get_month()
        for lang, users in self._qms_get_mailed_users().grouped("lang").items():
            self._qms_mail_expiry_in(lang, users)

    def _qms_get_mailed_users(self):
        """Return who gets the report: those chosen, or all shelf-life managers.

        Only who may read it and has an address.
        """
        report = self.env["qms.expiry.report"]
        users = self.qms_expiry_mail_user_ids or self.env.ref(KEEPER).all_user_ids
        return users.filtered(
            lambda user: (
                user.active
                and user.email
                and self in user.company_ids
                and report.with_user(user).has_access("read")
            )
        )

    def _qms_mail_expiry_in(self, lang, users):
        own = self.with_context(lang=lang, allowed_company_ids=self.ids)
        choice = own.env["qms.expiry.print"].create(
            {"domain": list(own._qms_get_report_domain())}
        )
        template = own.env.ref(TEMPLATE)
        template.send_mail(
            self.id,
            email_values={
                "recipient_ids": [(6, 0, users.partner_id.ids)],
                "attachment_ids": [
                    (0, 0, {"name": name, "raw": content})
                    for name, content in choice._get_files()
                ],
            },
            email_layout_xmlid=LAYOUT,
        )

    def _qms_get_report_domain(self):
        """Return what the mail is about: what has expired, expires soon, or is at risk.

        In sudo the rules of companies don't hold.
        """
        self.ensure_one()
        return Domain("company_id", "=", self.id) & (
            Domain("days_left", "<=", AHEAD)
            | Domain("at_risk_quantity", ">", 0)
            | Domain("status", "=", "past_sell_by")
        )

    def _qms_get_expiry_figures(self):
        """Return ``(status, currency, rows, value, value at risk)``, for the mail."""
        choice = self.env["qms.expiry.print"].new(
            {"domain": list(self._qms_get_report_domain())}
        )
        return choice._get_figures()
