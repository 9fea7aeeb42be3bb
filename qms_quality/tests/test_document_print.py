from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_document import RequiredCase

CRITERION = "Origin of Milk is none of: New Zealand"


@tagged("post_install", "-at_install")
class TestDocumentPrint(RequiredCase, HttpCase):
    """Partners read what their goods must meet: printed, mailed and in the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_card("purchase", cls.partner)
        cls._make_card("sales", cls.customer_company)

    def _check(self, text, is_there=True):
        for part in ("Quality Requirements", CRITERION, "Keep cool"):
            (self.assertIn if is_there else self.assertNotIn)(part, text)

    def _render(self, report, order, user):
        reports = self.env["ir.actions.report"].with_user(user)
        html, _kind = reports._render_qweb_html(report, order.ids)
        return html.decode()

    def test_printed(self):
        """Request for quotation, purchase order, quotation, confirmation."""
        purchase, sale = self._make_purchase(), self._make_sale()
        quotation = "purchase.report_purchase_quotation"
        self._check(self._render(quotation, purchase, self.buyer))
        purchase.button_confirm()
        report = "purchase.action_report_purchase_order"
        self._check(self._render(report, purchase, self.buyer))
        report = "sale.action_report_saleorder"
        self._check(self._render(report, sale, self.seller))
        sale.action_confirm()
        self._check(self._render(report, sale, self.seller))

    def test_printed_in_the_language_of_the_partner(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.origin.with_context(lang="fr_FR").name = "Origine du lait"
        self.partner.lang = "fr_FR"
        text = self._render(
            "purchase.report_purchase_quotation", self._make_purchase(), self.buyer
        )
        self.assertIn("Origine du lait", text)

    def test_mailed(self):
        """What is attached to the mail is what is printed."""
        purchase, sale = self._make_purchase(), self._make_sale()
        for order, action in (
            (purchase, purchase.action_rfq_send()),
            (sale, sale.action_quotation_send()),
        ):
            template = self.env["mail.template"].browse(
                action["context"]["default_template_id"]
            )
            self.assertTrue(template.report_template_ids)
            for report in template.report_template_ids:
                user = order.env.user
                self._check(self._render(report.report_name, order, user))

    def test_nothing_to_meet_prints_nothing(self):
        order = self._make_sale(partner=self.partner)
        self._check(
            self._render("sale.action_report_saleorder", order, self.seller), False
        )

    def test_portal(self):
        """Vendor and customer see them on the pages of their orders."""
        purchase, sale = self._make_purchase(), self._make_sale()
        purchase.button_confirm()
        sale.state = "sent"
        for order, path in ((purchase, "purchase"), (sale, "orders")):
            token = order.sudo()._portal_ensure_token()
            page = self.url_open(f"/my/{path}/{order.id}?access_token={token}")
            self.assertEqual(page.status_code, 200)
            self._check(page.text)

    def test_portal_of_a_logged_in_vendor(self):
        """He has no right to the copies themselves, and reads the page all the same."""
        user = self._make_portal_user(self.partner)
        order = self._make_purchase()
        order.button_confirm()
        order.sudo().message_subscribe(self.partner.ids)
        self.authenticate(user.login, user.login)
        self._check(self.url_open(f"/my/purchase/{order.id}").text)
        copies = self.env["qms.qrs.document.line"].with_user(user)
        with self.assertRaisesRegex(Exception, "not allowed to access"):
            copies.search([])

    def _make_portal_user(self, partner):
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": partner.name,
                    "login": "qms_vendor",
                    "password": "qms_vendor",
                    "partner_id": partner.id,
                    "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                }
            )
        )
