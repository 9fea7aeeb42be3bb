from html import unescape
from unittest import skipUnless

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL
from odoo.tools.misc import find_in_path

from .common import INSPECTOR, MANAGER
from .common_certificate import ISSUE, CertificateCase
from .refusal_case import RefusalMixin


def _has_wkhtmltopdf():
    try:
        return bool(find_in_path("wkhtmltopdf"))
    except OSError:
        return False


@tagged("post_install", "-at_install")
class TestCertificate(RefusalMixin, CertificateCase):
    """What a certificate says, when there is none, and what supersedes it."""

    # -- What it says ------------------------------------------------------------------

    def test_order(self):
        order = self._passed_order()
        certificate = self._make(order)
        self.assertEqual(certificate.state, "draft")
        self.assertEqual(
            self._read_lines(certificate),
            {
                "Weight": ("4.00 – 6.00 kg", "5.00 kg"),
                "Fat content": ("3.50 – 4.50", "4.00; 4.00"),
                "Taste": ("Pass", "Pass"),
            },
        )
        self.assertRegex(certificate.name, r"^COA/\d{4}/\d{5}$")
        certificate.action_issue()
        self.assertEqual(
            (certificate.state, certificate.issued_by_id),
            ("issued", self.inspector),
        )
        self.assertEqual(order.with_user(self.inspector).qms_certificate_count, 1)
        self.assertEqual(order.lot_ids.qms_certificate_count, 1)

    def test_lot(self):
        order = self._passed_order()
        certificate = self._issue(order.lot_ids)
        self.assertEqual(certificate.goods_ids.order_ids, order)
        self.assertEqual(certificate.goods_text, "Milk C-1")

    def test_only_marked_tests(self):
        self._associate(product_ids=self.product.ids)
        self._replace(self.group, first_line={"on_certificate": False})
        certificate = self._make(self._passed_order())
        self.assertEqual(set(self._read_lines(certificate)), {"Fat content", "Taste"})

    def test_newest_reading_of_each_test_counts(self):
        """A later order that repeats one test leaves the others standing."""
        order = self._passed_order()
        again = self._inspect_again(order.lot_ids, 5.5)
        certificate = self._make(order.lot_ids)
        self.assertEqual(
            self._read_lines(certificate)["Weight"], ("4.00 – 6.00 kg", "5.50 kg")
        )
        self.assertEqual(len(certificate.line_ids), 3)
        self.assertEqual(certificate.goods_ids.order_ids, order | again)
        self.assertEqual(
            self._get_refusal(order),
            f"No certificate of analysis for {order.name}:\n"
            f"- {order.name}: tested again since, in {again.name}. Make the certificate"
            " of the lot.",
        )

    def test_many_readings_are_summed_up(self):
        group = self._make_weight_group(reading_number=6)
        order = self._receive_order_of(group)
        for value, result in enumerate(order.result_ids, start=10):
            result.with_user(self.inspector).value = value / 2.5
        order.with_user(self.inspector).action_validate()
        certificate = self._make(order)
        self.assertEqual(certificate.line_ids.result, "4.00 kg to 6.00 kg (6 readings)")

    def test_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.dairy.lang = "fr_FR"
        self.fat.with_context(lang="fr_FR").name = "Matière grasse"
        order = self._passed_order()
        wizard = Form(self._dialog_of(order))
        wizard.partner_id = self.dairy
        self.assertEqual(wizard.lang, "fr_FR")
        french = self._issue(order, lang="fr_FR")
        self.assertEqual(
            self._read_lines(french)["Matière grasse"], ("3,50 – 4,50", "4,00; 4,00")
        )
        english = self._issue(order)
        self.assertEqual(
            (french.content_hash, french.state), (english.content_hash, "issued")
        )
        html = self._print_certificate(french)
        self.assertIn('data-oe-lang="fr_FR"', html)
        self.assertIn("<span>10,00</span>", html)

    def test_comes_in_french_and_german(self):
        """The texts of the certificate are delivered in these languages."""
        module = self.env["ir.module.module"].search([("name", "=", "qms_quality")])
        order = self._passed_order()
        for lang, texts in (
            ("fr_FR", ("Certificat d'analyse", "Résultat", "Émis par", "Conforme")),
            ("de_DE", ("Analysenzertifikat", "Ergebnis", "Ausgestellt von", "Ja")),
        ):
            self.env["res.lang"]._activate_lang(lang)
            module._update_translations([lang])
            certificate = self._issue(order, lang=lang)
            html = unescape(self._print_certificate(certificate))
            for text in texts:
                self.assertIn(text, html)
            for text in ("Certificate of Analysis", "Issued by", "Scan the code"):
                self.assertNotIn(text, html)

    def test_split_lot_keeps_its_readings(self):
        """What was tested before the split counts, what is tested after doesn't."""
        order = self._passed_order()
        lot = order.lot_ids
        child = lot._qms_split(2, self.stock)
        self._set_date(child, "2020-06-01")
        self._set_date(order, "2020-05-01")
        self.assertEqual(self._make(child).goods_ids.order_ids, order)
        self._inspect_again(lot, 9)
        self.assertTrue(self._make(child), "the rest of the lot failed, not this part")
        with self.assertRaisesRegex(UserError, "C-1: failed in"):
            self._make(lot)

    def _set_date(self, record, date):
        """Write when a record was made: all of a test happens at one time."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = %s WHERE id = %s",
                SQL.identifier(record._table),
                date,
                record.id,
            )
        )
        record.invalidate_recordset()

    def test_readings_of_another_company(self):
        """What another company found in a lot they share is not told for one's own."""
        order = self._passed_order()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        governing = order._get_governing_tests(order.lot_ids, other)
        self.assertFalse(governing[order.lot_ids])

    # -- Rules of customers ------------------------------------------------------------

    def test_rule_of_the_customer(self):
        self._customer(
            {"test_id": self.weight.id, "leave_out": True},
            {"test_id": self.fat.id, "lower_limit": 3.8, "upper_limit": 4.2},
            {
                "test_id": self.taste.id,
                "hide_limits": True,
                "result_text": "conforms",
            },
        )
        order = self._passed_order()
        self.assertEqual(
            self._read_lines(self._make(order)),
            {
                "Fat content": ("3.80 – 4.20", "4.00; 4.00"),
                "Taste": (False, "conforms"),
            },
        )
        self.assertEqual(
            set(self._read_lines(self._make(order, self.partner))),
            {"Weight", "Fat content", "Taste"},
            "another customer",
        )

    def test_limits_in_other_units(self):
        """The customer's limits are in the test's unit, the group's in another."""
        gram = self._make_weight_group(
            "In grams", uom_id=self.gram.id, lower_limit=4000, upper_limit=6000
        )
        self._customer(
            {"test_id": self.weight.id, "lower_limit": 4.5, "upper_limit": 5.1}
        )
        order = self._receive_order_of(gram)
        order.result_ids.with_user(self.inspector).value = 5000
        order.with_user(self.inspector).action_validate()
        certificate = self._make(order)
        self.assertEqual(
            certificate.line_ids.limits, f"4,500.00 – 5,100.00 {self.gram.name}"
        )

    def test_outside_of_what_the_customer_asks_for(self):
        self._customer({"test_id": self.fat.id, "lower_limit": 4.1})
        order = self._passed_order()
        self.assertEqual(
            self._get_refusal(order),
            f"No certificate of analysis for {order.name}:\n"
            "- C-1: Fat content is 4.00; City Dairy asks for ≥ 4.10\n"
            "- C-1: Fat content is 4.00; City Dairy asks for ≥ 4.10",
        )
        self.assertTrue(self._make(order, self.partner), "others may have it")

    def test_most_specific_rule(self):
        """Customer, his company, a tag, everybody; one's own company first."""
        tag = self.env["res.partner.category"].create({"name": "Cheese makers"})
        address = self.env["res.partner"].create(
            {"name": "Gate 3", "parent_id": self.dairy.id, "type": "delivery"}
        )
        self.dairy.category_id = tag
        rules = self.env["qms.certificate.rule"]

        def _found(partner=address):
            return rules._get_for(partner, self.company)

        self.assertFalse(_found())
        expected = rules
        for vals in (
            {"partner_id": False, "company_id": False},
            {"partner_id": False},
            {"partner_id": False, "category_id": tag.id},
            {},
            {"partner_id": address.id},
        ):
            expected = self._customer(**vals)
            self.assertEqual(_found(), expected, vals)
        self.assertEqual(_found(self.partner).display_name, "All customers")
        self.assertEqual(_found(rules.partner_id).company_id, self.company)

    def test_bad_rules(self):
        wrong = self.assertRaisesRegex(ValidationError, "lower limit is above")
        with wrong, self.env.cr.savepoint():
            self._customer({"test_id": self.fat.id, "lower_limit": 5, "upper_limit": 4})
        wrong = self.assertRaisesRegex(ValidationError, "only measured and calculated")
        with wrong, self.env.cr.savepoint():
            self._customer({"test_id": self.taste.id, "upper_limit": 4})
        with self.assertRaises(AccessError):
            self.env["qms.certificate.rule"].with_user(self.inspector).create({})

    # -- Superseding -------------------------------------------------------------------

    def test_same_data_same_certificate(self):
        order = self._passed_order()
        first = self._issue(order)
        self.assertEqual(self._make(order), first, "nothing to issue anew")
        self.assertNotEqual(self._make(order, self.partner), first)

    def test_changed_data_supersedes(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        order = self._passed_order()
        first, french = self._issue(order), self._issue(order, lang="fr_FR")
        self._correct(order)
        second = self._issue(order)
        self.assertNotEqual(second.name, first.name)
        for former in first | french:
            self.assertEqual(
                (former.state, former.superseded_by_id), ("superseded", second)
            )
        self.assertIn("Superseded by", self._print_certificate(first))
        self.assertEqual(self._read_lines(first)["Weight"][1], "5.00 kg", "unchanged")

    def test_draft_follows_until_issued(self):
        order = self._passed_order()
        draft = self._make(order)
        self._correct(order)
        with self.assertRaisesRegex(UserError, "have changed since it was made"):
            draft._qms_guarded("issue")
        draft.action_issue()
        self.assertEqual(self._read_lines(draft)["Weight"][1], "5.20 kg")

    # -- Signed ------------------------------------------------------------------------

    def test_signed(self):
        self._rule(ISSUE, MANAGER)
        certificate = self._make(self._passed_order())
        answer = certificate.action_issue()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertEqual(certificate.state, "draft")
        self.assertIn("Quality manager", certificate.qms_signing_text)
        self._sign(certificate, self.manager, "issue")
        self.assertEqual(certificate.state, "issued")
        self.assertEqual(certificate.qms_signature_ids.state, "valid")
        html = self._print_certificate(certificate)
        self.assertIn(f"<strong>{self.manager.name}</strong>", html)
        self.assertIn("Issue a certificate of analysis", html)

    def test_signature_breaks_with_the_draft(self):
        self._rule(ISSUE, MANAGER)
        self._rule(ISSUE, INSPECTOR)
        order = self._passed_order()
        certificate = self._make(order)
        self._sign(certificate, self.inspector, "issue")
        self.assertEqual(certificate.state, "draft", "a manager is missing")
        self._correct(order)
        self.assertRefusals(
            (
                f"The readings on {certificate.name} have changed since it was made."
                " Open it and press Issue: it is brought up to date first.",
                certificate._qms_check_issue,
            )
        )
        certificate.action_issue()
        self.env.invalidate_all()
        self.assertEqual(certificate.qms_signature_ids.state, "broken")

    # -- Guarded -----------------------------------------------------------------------

    def test_nothing_is_written_by_hand(self):
        order = self._passed_order()
        certificate = self._issue(order)
        line = certificate.line_ids[0].with_user(self.manager)
        managed = certificate.with_user(self.manager)
        forged = {"order_id": order.id, "lang": "en_US", "state": "issued"}
        for write in (
            lambda: managed.create(forged),
            lambda: managed.with_context(qms_sentinel=True).create(forged),
            lambda: managed.write({"state": "draft"}),
            lambda: managed.write({"line_ids": [(5, 0, 0)]}),
            lambda: line.write({"result": "9.99"}),
            lambda: line.sudo().write({"result": "9.99"}),
            lambda: line.sudo().unlink(),
            lambda: certificate.goods_ids.sudo().unlink(),
        ):
            with self.assertRaises(AccessError):
                write()
        self.assertRefusals(
            (
                f"Certificates that were issued stay: {managed.name}. Withdraw them"
                " instead.",
                managed.unlink,
            )
        )
        with self.assertRaisesRegex(UserError, r"Issue isn't possible for: COA"):
            certificate.action_issue()

    def test_rights(self):
        order = self._passed_order()
        with self.assertRaisesRegex(AccessError, "Quality / Inspector"):
            order.with_user(self.clerk).action_qms_certificate()
        draft = self._make(order)
        with self.assertRaises(AccessError):
            draft.with_user(self.clerk).action_issue()
        draft.action_issue()
        with self.assertRaisesRegex(AccessError, "Quality / Quality manager"):
            draft.action_withdraw()
        draft.with_user(self.manager).action_withdraw()
        self.assertEqual(draft.state, "withdrawn")
        self.assertEqual(draft.with_user(self.clerk).name, draft.name, "may read it")
        self._make(order).with_user(self.manager).unlink()

    def test_other_company(self):
        certificate = self._issue(self._passed_order())
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._make_user("qms_stranger", MANAGER)
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            certificate.with_user(stranger).read(["name"])
        self.assertFalse(certificate.with_user(stranger).search([]))

    def test_audit_and_lot_trail(self):
        certificate = self._issue(self._passed_order())
        self.env.cr.flush()
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", "qms.certificate"), ("res_id", "=", certificate.id)]
        )
        self.assertIn("issue", entries.mapped("event"))
        token = certificate.sudo().token
        self.assertFalse(
            [one for one in entries if token in f"{one.old_value}{one.new_value}"],
            "what opens the page is no news",
        )
        lot = certificate.goods_ids.lot_ids
        trail = self.env["qms.lot.trail"].with_context(qms_lot_id=lot.id).search([])
        found = trail.filtered(lambda one: one.kind == "certificate")
        self.assertEqual(set(found.mapped("record_name")), {certificate.name})

    # -- Printed -----------------------------------------------------------------------

    def test_print(self):
        certificate = self._make(self._passed_order())
        self.assertIn(
            "This is not a certificate yet", self._print_certificate(certificate)
        )
        certificate.action_issue()
        html = self._print_certificate(certificate, self.clerk)
        for text in (
            certificate.name,
            "City Dairy",
            "C-1",
            "4.00 – 6.00 kg",
            "data:image/png;base64,",
            certificate._get_page_url(),
            certificate.content_hash,
        ):
            self.assertIn(text, html)
        self.assertNotIn("not a certificate", html)

    @skipUnless(_has_wkhtmltopdf(), "needs wkhtmltopdf")
    def test_pdf(self):
        certificate = self._issue(self._passed_order())
        report = self.env.ref("qms_quality.action_report_certificate")
        pdf, kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            report.report_name, certificate.ids
        )
        self.assertEqual((pdf[:4], kind), (b"%PDF", "pdf"))
