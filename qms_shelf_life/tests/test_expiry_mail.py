from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.qms_quality.tests.common import STOCK_USER

from .common_look_ahead import LookAheadCase
from .test_expiry_report import read_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@tagged("post_install", "-at_install")
class TestExpiryMail(LookAheadCase):
    """The expiration report comes by mail, once a month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper.email = "keeper@dairy.example"
        cls.clerk.email = "clerk@dairy.example"
        cls.lot = cls._make_dated_lot("MAILED", 5, quantity=10)
        cls._make_dated_lot("LATER", 200, quantity=10)
        cls.mails = cls.env["mail.mail"]

    def _run(self, month=None):
        """Run the scheduled action; return the mails that wait to be sent."""
        last = self.mails.search([], order="id desc", limit=1).id or 0
        self._without_commits()
        if month:
            with patch.object(
                type(self.company), "_qms_get_month", lambda _company: month
            ):
                self.env["res.company"]._cron_mail_expiry()
        else:
            self.env["res.company"]._cron_mail_expiry()
        return self.mails.search([("id", ">", last), ("state", "=", "outgoing")])

    def _without_commits(self):
        self.patch(
            self.env.registry["ir.cron"],
            "_commit_progress",
            lambda _self, *args, **named: 100,
        )

    def _switch_on(self, *users):
        self.company.qms_expiry_mail = True
        self.company.qms_expiry_mail_user_ids = [(6, 0, [one.id for one in users])]

    def test_off_until_chosen(self):
        self.assertFalse(self._run())

    def test_mail(self):
        """One mail, with the report on paper and as an Excel file."""
        self._switch_on(self.keeper)
        mail = self._run()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.keeper.partner_id)
        self.assertEqual(
            mail.subject, f"Expiration report: {self.company.name}", mail.subject
        )
        files = {one.mimetype: one for one in mail.attachment_ids}
        lots = {row.get("C") for row in read_sheet(files[XLSX].raw)[1:]}
        self.assertIn("MAILED", lots)
        self.assertNotIn("LATER", lots)
        # tests print HTML for paper
        (paper,) = [one for kind, one in files.items() if kind != XLSX]
        self.assertIn(b"MAILED", paper.raw)
        self.assertFalse(self._run(), "once a month")
        self.assertTrue(self._run(date(2099, 1, 1)), "the next month again")

    def test_late_at_night(self):
        """The month begins by the company's calendar."""
        places = self.env["stock.warehouse"].with_company(self.company)
        day = places._qms_get_day()
        self.assertEqual(self.company._qms_get_month(), day.replace(day=1))

    def test_recipients(self):
        """Those chosen, as far as they may read the report; else all managers."""
        colleague = self._make_user("qms_colleague", "base.group_user")
        colleague.email = "colleague@dairy.example"
        silent = self._make_user("qms_silent", STOCK_USER)
        silent.email = False
        self._switch_on(self.clerk, colleague, silent)
        self.assertEqual(self._run().recipient_ids, self.clerk.partner_id)
        self.company.qms_expiry_mail_user_ids = False
        self.company.qms_expiry_mail_month = False
        partners = self._run().recipient_ids
        self.assertIn(self.keeper.partner_id, partners)
        self.assertNotIn(self.clerk.partner_id, partners)

    def test_languages(self):
        """Who reads French gets it with French figures."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.clerk.lang = "fr_FR"
        self._switch_on(self.clerk, self.keeper)
        mails = self._run()
        self.assertEqual(len(mails), 2)
        by_user = {mail.recipient_ids: mail for mail in mails}
        french = by_user[self.clerk.partner_id]
        value = self.env["ir.qweb.field.monetary"].with_context(lang="fr_FR")
        sample = value.value_to_html(
            1234.5, {"display_currency": self.company.currency_id}
        )
        self.assertIn(",", sample)
        self.assertIn(",", french.body_html.split("</thead>")[1])

    def test_other_companies(self):
        """Each company's report is about its own stock."""
        company = self.env["res.company"].create(
            {"name": "Other Dairy", "qms_expiry_mail": True}
        )
        self.keeper.company_ids |= company
        company.qms_expiry_mail_user_ids = self.keeper
        mail = self._run()
        self.assertEqual(mail.subject, "Expiration report: Other Dairy")
        sheet = next(one for one in mail.attachment_ids if one.mimetype == XLSX)
        self.assertEqual(len(read_sheet(sheet.raw)), 1)

    def test_digest(self):
        """The digest tells what expired stock is worth, to those who may know it."""
        self._make_dated_lot("GONE", -3, quantity=50)
        self._risk(self.lot)
        digest = self.env["digest.digest"].create(
            {"name": "Shelf life", "periodicity": "daily"}
        )
        before = self.env["qms.expiry.report"]._read_group(
            [("status", "=", "expired"), ("company_id", "=", self.company.id)],
            [],
            ["value:sum"],
        )[0][0]
        own = digest.with_user(self.clerk)
        self.assertAlmostEqual(own.kpi_qms_expired_value, before)
        self.assertGreaterEqual(own.kpi_qms_at_risk_value, 20)

    def test_food(self):
        """The starting point Food switches the mail on, and no notices to customers."""
        self.company.qms_expiry_notices = False
        self.env["qms.starting.point"].with_user(self.manager)._switch_on("food")
        self.assertTrue(self.company.qms_expiry_mail)
        self.assertFalse(self.company.qms_expiry_notices)
