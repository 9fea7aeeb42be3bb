from html import unescape
from unittest import skipUnless

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL
from odoo.tools.misc import find_in_path

from odoo.addons.qms_quality.models.sentinel import trusted

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

    def _inspect_again(self, lot, weight):
        """Weigh a lot anew, by a quality order by hand."""
        order = self._order_by_hand(lot, self._make_weight_group())
        order.result_ids.value = weight
        order.action_validate()
        return order.with_user(self.env.user)

    def _order_by_hand(self, lot, group):
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        with Form(orders) as form:
            form.product_id = lot.product_id
            form.lot_ids.add(lot)
            form.test_group_ids.add(group)
        return form.record

    def test_many_readings_are_summed_up(self):
        group = self._make_weight_group(reading_number=6)
        order = self._receive_order_of(group)
        for value, result in enumerate(order.result_ids, start=10):
            result.with_user(self.inspector).value = value / 2.5
        order.with_user(self.inspector).action_validate()
        certificate = self._make(order)
        self.assertEqual(certificate.line_ids.result, "4.00 kg to 6.00 kg (6 readings)")

    def _receive_order_of(self, group):
        self._associate(group, product_ids=self.product.ids)
        return self._receive_order()

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

    # -- Refused -----------------------------------------------------------------------

    def _get_refusal(self, subject):
        """Return why there is no certificate; the dialog says the same beforehand."""
        wizard = self._dialog_of(subject)
        wizard.partner_id = self.dairy
        with self.assertRaises(UserError) as refused:
            wizard.action_make()
        message = str(refused.exception)
        self.assertEqual(
            [f"- {line}" for line in wizard.problems.split("\n")],
            message.split("\n")[1:],
        )
        return message

    def test_refused_while_not_validated(self):
        order = self._receive_order(lots=["C-1"])
        self.assertEqual(
            self._get_refusal(order),
            f"No certificate of analysis for {order.name}:\n"
            f"- {order.name} (To Do): not validated yet",
        )
        refusal = self._get_refusal(order.lot_ids)
        self.assertIn("- C-1: held as Under inspection · Waiting", refusal)
        self.assertIn(f"- C-1: not validated yet: {order.name}", refusal)

    def test_refused_when_failed(self):
        order = self._receive_order(lots=["C-1"])
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        self.assertIn(f"- C-1: failed in {order.name}", self._get_refusal(order))
        order.hold_ids._release("Accepted as it is")
        self.assertEqual(
            self._get_refusal(order.lot_ids),
            f"No certificate of analysis for C-1:\n- C-1: failed in {order.name}",
            "released, but not passed",
        )
        self._inspect_again(order.lot_ids, 5)
        self.assertTrue(self._make(order.lot_ids), "tested again, and passed")

    def test_a_test_left_out_hides_no_failure(self):
        order = self._receive_order(lots=["C-1"])
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        order.hold_ids._release("Accepted as it is")
        group = self._make_group(
            "Smell",
            {"test_id": self.taste.id},
            {"test_id": self.weight.id, "required": False},
        )
        later = self._order_by_hand(order.lot_ids, group)
        taste = later.result_ids.filtered(lambda one: one.test_id == self.taste)
        taste.outcome = "pass"
        later.action_validate()
        self.assertEqual(later.verdict, "passed")
        self.assertEqual(
            self._get_refusal(order.lot_ids),
            f"No certificate of analysis for C-1:\n- C-1: failed in {order.name}",
        )
        self._inspect_again(order.lot_ids, 5)
        self.assertTrue(self._make(order.lot_ids))

    def test_refused_while_held(self):
        order = self._passed_order()
        hold = self._hold(lot=order.lot_ids, reason="Complaint")
        self.assertIn("C-1: held as On hold · Complaint", self._get_refusal(order))
        hold._release("Settled")
        self.assertTrue(self._make(order))

    def test_refused_for_what_nobody_inspected(self):
        lot = self._make_lot("NEW")
        self.assertEqual(
            self._get_refusal(lot),
            "No certificate of analysis for NEW:\n- NEW: never inspected",
        )

    def test_refused_without_marked_tests(self):
        group = self._make_weight_group(on_certificate=False)
        order = self._receive_order_of(group)
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertIn(
            "no test with a reading is on the certificate", self._get_refusal(order)
        )

    def test_held_between_draft_and_issue(self):
        certificate = self._make(self._passed_order())
        self._hold(lot=certificate.goods_ids.lot_ids, reason="Complaint")
        with self.assertRaisesRegex(UserError, "held as On hold"):
            certificate.action_issue()
        self.assertEqual(certificate.state, "draft")

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

    def _correct(self, order, weight=5.2):
        order.with_user(self.manager).action_reopen()
        weighed = order.result_ids.filtered(lambda one: one.test_id == self.weight)
        weighed.with_user(self.inspector).value = weight
        order.with_user(self.inspector).action_validate()

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

    # -- What the page says ------------------------------------------------------------

    def test_standing(self):
        order = self._passed_order()
        certificate = self._make(order)
        self.assertEqual(self._standing(certificate), "unknown", "a draft")
        certificate.action_issue()
        self.assertEqual(self._standing(certificate), "current")
        hold = self._hold(lot=order.lot_ids, reason="Complaint")
        self.assertEqual(self._standing(certificate), "held")
        hold._release("Settled")
        self.assertEqual(self._standing(certificate), "current")
        order.with_user(self.manager).action_reopen()
        self.assertEqual(self._standing(certificate), "held", "reopened")
        order.with_user(self.inspector).action_validate()
        self.assertEqual(self._standing(certificate), "current", "nothing changed")
        self._correct(order)
        self.assertEqual(self._standing(certificate), "changed")
        self._issue(order)
        self.assertEqual(self._standing(certificate), "superseded")

    def test_another_expiry_is_another_certificate(self):
        lot = self._passed_order().lot_ids
        if "expiration_date" not in lot._fields:
            self.skipTest("needs product_expiry")
        lot.expiration_date = "2027-01-31 12:00:00"
        draft = self._make(lot)
        self.assertEqual(str(draft.goods_ids.expiration_date), "2027-01-31")
        lot.expiration_date = "2027-03-31 12:00:00"
        draft.action_issue()
        self.assertEqual(str(draft.goods_ids.expiration_date), "2027-03-31")
        self.assertEqual(self._standing(draft), "current")
        lot.expiration_date = "2027-02-28 12:00:00"
        self.assertEqual(self._standing(draft), "changed")
        self._issue(lot)
        self.assertEqual(self._standing(draft), "superseded")

    def test_holds_on_the_place(self):
        """A hold on all of a product in a place covers its lots, as at the gate."""
        order = self._passed_order()
        certificate = self._issue(order.lot_ids)
        hold = self._hold(
            product=self.product, location=self.stock, reason="Broken cooler"
        )
        self.assertIn("C-1: held as On hold · Broken", self._get_refusal(order.lot_ids))
        self.assertEqual(self._standing(certificate), "held")
        hold._release("Settled")
        self._hold(product=self.product, location=self.shelf, reason="Wet shelf")
        self.assertEqual(self._standing(certificate), "current", "not its place")

    def test_holds_on_goods_without_a_lot(self):
        order = self._passed_untracked()
        certificate = self._issue(order)
        self.assertEqual(self._standing(certificate), "current")
        hold = self._hold(
            product=self.untracked, location=self.stock, reason="Broken cooler"
        )
        self.assertIn("Broken cooler", self._get_refusal(order))
        self.assertEqual(self._standing(certificate), "held")
        hold._release("Settled")
        self.assertEqual(self._standing(certificate), "current")

    def _passed_untracked(self):
        self._associate(product_ids=self.untracked.ids)
        order = self._receive_order(lots=None, product=self.untracked)
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        return order

    def test_one_day_of_issue_for_all(self):
        """The page and the print say the same day, whoever looks at them."""
        certificate = self._make(self._passed_order())
        self.company.partner_id.tz = "Asia/Tokyo"
        with freeze_time("2026-11-22 20:00:00"):
            certificate.action_issue()
        self.inspector.tz = "America/New_York"
        token = certificate.sudo().token
        page = certificate.sudo().with_context(tz="America/New_York")
        self.assertEqual(page._get_public_answer(token)["date"], "11/23/2026")
        self.assertIn("11/23/2026", self._print_certificate(certificate))

    def test_standing_tested_again(self):
        order = self._passed_order()
        certificate = self._issue(order)
        self._inspect_again(order.lot_ids, 5)
        self.assertEqual(self._standing(certificate), "changed")

    def test_standing_reopened_without_hold(self):
        order = self._passed_order()
        certificate = self._issue(order)
        trusted(order).write({"hold_goods": False})
        order.with_user(self.manager).action_reopen()
        self.assertFalse(order.open_hold_count)
        self.assertEqual(self._standing(certificate), "held")

    def test_standing_withdrawn(self):
        certificate = self._issue(self._passed_order())
        certificate.with_user(self.manager).action_withdraw()
        self.assertEqual(self._standing(certificate), "withdrawn")

    def test_token(self):
        order = self._passed_order()
        certificates = self._issue(order) | self._issue(order, self.partner)
        tokens = set(certificates.sudo().mapped("token"))
        self.assertEqual(len(tokens), 2)
        self.assertEqual({len(token) for token in tokens}, {32}, "192 bits")
        for wrong in ("", "x", "\0" * 32, "é" * 32, "A" * 32, "%" * 32):
            answer = certificates._get_public_answer(wrong)
            self.assertEqual(answer, {"standing": "unknown"})
