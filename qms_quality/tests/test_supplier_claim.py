from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .common import INSPECTOR
from .common_claim import ANSWER, ClaimCase
from .signing_case import SigningCase


@tagged("post_install", "-at_install")
class TestSupplierClaim(ClaimCase):
    """A vendor is told, reminded and heard, by those who may."""

    # -- Making ------------------------------------------------------------------------

    def test_case_fills_the_claim(self):
        case = self._make_case()
        case.write(
            {
                "cost_ids": [
                    (0, 0, {"name": "Sorting", "amount": 80, "is_charged": True}),
                    (0, 0, {"name": "Our own fault", "amount": 20}),
                ]
            }
        )
        claim = self._draft_claim(case)
        self.assertEqual(claim.partner_id, self.vendor)
        self.assertEqual(claim.user_id, self.inspector)
        self.assertEqual(claim.subject, "Stem pieces in the fruit")
        self.assertEqual(claim.problem, "Found in 3 of 5 samples.")
        self.assertEqual(claim.product_name, "Milk")
        self.assertEqual(claim.quantity, 120)
        self.assertEqual(claim.charge_ids.mapped("name"), ["Sorting"])
        self.assertEqual(claim.amount_total, 80)
        # the button opens the one that is there
        self.assertEqual(self._draft_claim(case), claim)
        self.assertEqual(case.claim_count, 1)

    def test_failures_and_order_are_told(self):
        self.company.qms_open_cases = True
        order = self._receive_order()
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        case = self.env["qms.nonconformance"].search(
            [("quality_order_id", "=", order.id)]
        )
        case.with_user(self.inspector).write({"type": "supplier"})
        case.partner_id = self.vendor
        claim = self._draft_claim(case.with_user(self.inspector))
        self.assertIn("Weight", claim.problem)
        self.assertIn("3.9", claim.problem)
        self.assertEqual(claim.lot_names, "L1")

    def test_a_case_waits_for_its_claims(self):
        case = self._make_case()
        claim = self._send_claim(self._draft_claim(case))
        trusted(case).state = "follow_up"
        problem = (
            f"{case.name}: its supplier claims are open: {claim.name} (Waiting for"
            " Vendor). Accept the answers or withdraw them; delete drafts."
        )
        mine = case.with_user(self.manager)
        for press in (mine.action_close, lambda: mine.action_cancel("A mistake")):
            with self.assertRaises(UserError) as refusal:
                press()
            self.assertEqual(str(refusal.exception), problem)
        claim.with_user(self.manager).action_cancel("The samples were mixed up")
        mine.action_close()
        self.assertEqual(case.state, "closed")
        with self.assertRaises(UserError) as refusal:
            case.action_make_claim()
        self.assertEqual(
            str(refusal.exception),
            f"{case.name} is closed or cancelled. Reopen it before you claim.",
        )

    def test_a_case_does_not_wait_for_an_accepted_answer(self):
        case = self._make_case()
        claim = self._send_claim(self._draft_claim(case))
        claim.write(ANSWER)
        claim.action_answer()
        trusted(case).state = "follow_up"
        with self.assertRaisesRegex(UserError, "(Answered)"):
            case.with_user(self.manager).action_close()
        claim.with_user(self.manager).action_accept()
        case.with_user(self.manager).action_close()
        self.assertEqual(case.state, "closed")

    def test_only_supplier_cases(self):
        case = self._make_case(type="internal")
        with self.assertRaises(UserError) as refusal:
            case.action_make_claim()
        self.assertEqual(
            str(refusal.exception),
            f"{case.name} has no supplier to claim from. Set the type to Supplier, and"
            " the partner.",
        )

    def test_only_inspectors(self):
        case = self._make_case()
        for user in (self.clerk, self.buyer, self.officer, self.vendor_user):
            with self.assertRaises(AccessError):
                case.with_user(user).action_make_claim()

    # -- Sending -----------------------------------------------------------------------

    def test_send(self):
        self.company.write({"qms_claim_days": 10, "qms_claim_containment_days": 3})
        claim = self._send_claim(self._draft_claim(partner_id=self.contact))
        today = fields.Date.context_today(claim)
        self.assertEqual(claim.date_deadline, today + timedelta(days=10))
        self.assertEqual(claim.date_containment, today + timedelta(days=3))
        mail = self._get_mail(claim)
        self.assertIn(claim.name, mail.subject)
        self.assertIn(f"/my/supplier-claims/{claim.id}?access_token=", mail.body)
        self.assertEqual(len(mail.attachment_ids), 1)
        self.assertTrue(
            mail.attachment_ids.name.startswith(claim.name.replace("/", "-"))
        )
        self.assertIn("send", self._get_trail(claim))

    def test_chosen_dates_count(self):
        claim = self._draft_claim(date_deadline="2040-01-31")
        self._send_claim(claim)
        self.assertEqual(str(claim.date_deadline), "2040-01-31")

    def test_vendor_without_address(self):
        claim = self._draft_claim()
        self.vendor.email = False
        with self.assertRaises(UserError) as refusal:
            claim.action_send()
        self.assertEqual(
            str(refusal.exception),
            "There is no e-mail address to send the claim to: Green Farm. Enter it, or"
            " choose a contact who has one.",
        )

    def test_in_the_vendors_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.vendor.lang = "de_DE"
        claim = self._draft_claim()
        self.assertEqual(claim.lang, "de_DE")
        template = self.env.ref("qms_quality.mail_template_supplier_claim")
        template.with_context(lang="de_DE").subject = "Reklamation {{ object.name }}"
        self._send_claim(claim)
        self.assertEqual(self._get_mail(claim).subject, f"Reklamation {claim.name}")

    def test_what_was_sent_stays(self):
        claim = self._send_claim()
        for name, value in (
            ("problem", "Nothing"),
            ("partner_id", self.rival.id),
            ("charge_ids", [(0, 0, {"name": "More", "amount": 1})]),
            ("file_ids", [(0, 0, {"name": "x"})]),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                claim.write({name: value})
        with self.assertRaises(UserError) as refusal:
            claim.write({"subject": "Other"})
        self.assertEqual(
            str(refusal.exception),
            f"This can't be changed now: What is wrong, of {claim.name} (Waiting for"
            " Vendor).",
        )
        with self.assertRaises(UserError) as refusal:
            self.env["qms.supplier.claim.charge"].with_user(self.inspector).create(
                {"claim_id": claim.id, "name": "More", "amount": 1}
            )
        self.assertEqual(
            str(refusal.exception),
            f"The vendor has got the claim already, so its charges stay: {claim.name}.",
        )
        with self.assertRaises(UserError) as refusal:
            claim.unlink()
        self.assertIn("Withdraw them instead", str(refusal.exception))

    def test_draft_can_be_deleted(self):
        claim = self._draft_claim()
        claim.unlink()
        self.assertFalse(claim.exists())

    def test_file_that_the_user_cannot_read(self):
        secret = self.env["ir.attachment"].create(
            {
                "name": "salaries.txt",
                "raw": b"1",
                "res_model": "res.company",
                "res_id": self.company.id,
                "res_field": "qms_secret",
            }
        )
        claim = self._draft_claim()
        with self.assertRaises(AccessError):
            claim.file_ids = secret
        own = self.env["ir.attachment"].with_user(self.inspector)
        own = own.create({"name": "photo.txt", "raw": b"1"})
        claim.file_ids = own
        self.assertEqual(claim.file_ids, own)

    # -- Answering ---------------------------------------------------------------------

    def test_answer_entered_by_us(self):
        claim = self._send_claim()
        with self.assertRaises(UserError) as refusal:
            claim.action_answer()
        self.assertEqual(
            str(refusal.exception),
            f"The answer of {claim.name} isn't complete: D3 Containment, D4 Root Cause,"
            " D5, D6 Corrective Action, D7 Prevention.",
        )
        with Form(claim) as form:
            for name, text in ANSWER.items():
                form[name] = text
        claim.action_answer()
        self.assertEqual(claim.state, "answered")
        self.assertEqual(claim.answer_channel, "internal")
        self.assertEqual(claim.answered_by, self.inspector.name)
        with self.assertRaises(UserError):
            claim.answer_cause = "Another"

    def test_responsible_is_asked(self):
        claim = self._answered_claim()
        answered = self.env.ref("qms_quality.activity_claim_answered")
        self.assertEqual(claim.activity_ids.activity_type_id, answered)
        self.assertEqual(claim.activity_ids.user_id, self.inspector)

    def test_accept(self):
        claim = self._answered_claim()
        with self.assertRaises(AccessError):
            claim.action_accept()
        claim.with_user(self.manager).action_accept()
        self.assertEqual(claim.state, "accepted")
        self.assertEqual(claim.accepted_by_id, self.manager)
        self.assertFalse(claim.activity_ids)
        self.assertIn("accepted your answer", self._get_mail(claim).body)

    def test_return(self):
        claim = self._answered_claim()
        with self.assertRaises(UserError) as refusal:
            claim.action_return(" ")
        self.assertEqual(str(refusal.exception), "Say why: the vendor reads it.")
        dialog = self._dialog(claim.action_ask_return())
        with Form(dialog) as form:
            form.reason = "Why was the sieve torn?"
        dialog.action_confirm()
        self.assertEqual(claim.state, "sent")
        self.assertEqual(claim.round_number, 2)
        self.assertEqual(claim.answer_cause, ANSWER["answer_cause"])
        self.assertIn("Why was the sieve torn?", self._get_mail(claim).body)
        claim.answer_cause = "It was used for three years"
        claim.action_answer()
        self.assertEqual(claim.state, "answered")

    def _dialog(self, action, user=None):
        dialog = self.env[action["res_model"]].with_user(user or self.inspector)
        return dialog.browse(action["res_id"])

    def test_withdraw(self):
        claim = self._send_claim()
        with self.assertRaises(AccessError):
            claim.action_cancel("Samples mixed up")
        boss = claim.with_user(self.manager)
        dialog = self._dialog(boss.action_ask_cancel(), self.manager)
        dialog.reason = "Samples mixed up"
        dialog.action_confirm()
        self.assertEqual(claim.state, "cancelled")
        self.assertIn("Samples mixed up", self._get_mail(claim).body)
        # the case may be claimed anew
        again = self._draft_claim(claim.nonconformance_id)
        self.assertNotEqual(again, claim)

    def test_states_follow_each_other(self):
        draft, sent, answered = (
            self._draft_claim(),
            self._send_claim(),
            self._answered_claim(),
        )
        for claim, actions in (
            (draft, ("action_answer", "action_accept", "action_remind")),
            (sent, ("action_send", "action_accept")),
            (answered, ("action_send", "action_answer", "action_remind")),
        ):
            for action in actions:
                before = claim.state
                with self.subTest(action), self.assertRaises(UserError) as refusal:
                    getattr(claim.with_user(self.manager), action)()
                self.assertIn("isn't possible for", str(refusal.exception))
                self.assertEqual(claim.state, before)

    # -- Reminding ---------------------------------------------------------------------

    def _run_cron(self, day):
        with freeze_time(f"{day} 06:00:00"), self.enter_registry_test_mode():
            self.env.ref("qms_quality.cron_remind_claims").method_direct_trigger()

    def _send_on_the_first(self):
        self.company.write(
            {
                "qms_claim_containment_days": 2,
                "qms_claim_days": 14,
                "qms_claim_reminder_days": 3,
            }
        )
        with freeze_time("2031-03-01 08:00:00"):
            return self._send_claim()

    def test_reminders(self):
        claim = self._send_on_the_first()
        late = self.env.ref("qms_quality.activity_claim_late")
        self._run_cron("2031-03-03")
        self.assertEqual(claim.reminder_count, 0)
        self._run_cron("2031-03-04")
        self.assertEqual(claim.reminder_count, 1, "containment was due on the third")
        body = " ".join(self._get_mail(claim).body.split())
        self.assertIn("how you contain it", body)
        self._run_cron("2031-03-05")
        self.assertEqual(claim.reminder_count, 1)
        claim.answer_containment = "Stock blocked"
        self._run_cron("2031-03-07")
        self.assertEqual(claim.reminder_count, 1, "he has contained it by now")
        self.assertFalse(claim.activity_ids)
        self._run_cron("2031-03-15")
        self.assertEqual(claim.reminder_count, 1)
        self._run_cron("2031-03-16")
        self.assertEqual(claim.reminder_count, 2)
        self.assertEqual(claim.activity_ids.activity_type_id, late)
        self._run_cron("2031-03-19")
        self.assertEqual(claim.reminder_count, 3)
        self.assertEqual(len(claim.activity_ids), 1)

    def test_no_reminder_after_the_answer(self):
        claim = self._send_on_the_first()
        claim.write(ANSWER)
        claim.action_answer()
        self._run_cron("2031-04-01")
        self.assertEqual(claim.reminder_count, 0)

    def test_no_reminders_at_all(self):
        claim = self._send_on_the_first()
        self.company.qms_claim_reminder_days = 0
        with freeze_time("2031-03-01 08:00:00"):
            other = self._send_claim(self._draft_claim(self._make_case()))
        self._run_cron("2031-04-01")
        self.assertEqual(other.reminder_count, 0)
        self._run_cron("2031-05-01")
        self.assertLessEqual(claim.reminder_count, 1)

    def test_later_deadline(self):
        claim = self._send_on_the_first()
        with freeze_time("2031-03-02 08:00:00"):
            claim.write(
                {"date_containment": "2031-03-20", "date_deadline": "2031-03-20"}
            )
        self._run_cron("2031-03-18")
        self.assertEqual(claim.reminder_count, 0)
        with freeze_time("2031-03-02 08:00:00"):
            claim.write({"date_deadline": False})
        self.assertEqual(str(claim.date_deadline), "2031-03-16")

    def test_remind_by_hand(self):
        claim = self._send_claim()
        claim.action_remind()
        self.assertEqual(claim.reminder_count, 1)
        self.assertIn("Reminder", self._get_mail(claim).subject)

    def test_many_are_reminded_in_batches(self):
        claims = [self._send_on_the_first() for _number in range(3)]
        job = self.env.ref("qms_quality.cron_remind_claims")
        job.code = "model._cron_remind(limit=2)"
        self._run_cron("2031-03-04")
        self.assertEqual([claim.reminder_count for claim in claims], [1, 1, 1])

    def test_late(self):
        claim = self._send_on_the_first()
        model = self.env["qms.supplier.claim"].with_user(self.inspector)
        domain = [("is_late", "=", True), ("id", "=", claim.id)]
        with freeze_time("2031-03-15 08:00:00"):
            claim.invalidate_recordset(["is_late"])
            self.assertFalse(claim.is_late)
            self.assertFalse(model.search(domain))
        with freeze_time("2031-03-16 08:00:00"):
            claim.invalidate_recordset(["is_late"])
            self.assertTrue(claim.is_late)
            self.assertEqual(model.search(domain), claim)

    # -- Rights ------------------------------------------------------------------------

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self._make_user("qms_other_inspector", INSPECTOR)
        other.sudo().write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        claim = self._send_claim()
        found = self.env["qms.supplier.claim"].with_user(other).search([])
        self.assertNotIn(claim, found)
        with self.assertRaises(AccessError):
            claim.with_user(other).action_answer()

    def test_readers(self):
        claim = self._send_claim()
        for user in (self.buyer, self.officer):
            self.assertEqual(claim.with_user(user).state, "sent")
            with self.assertRaises(AccessError):
                claim.with_user(user).user_id = user
        with self.assertRaises(AccessError):
            claim.with_user(self.clerk).read(["name"])

    def test_query_count(self):
        cases = [self._make_case() for _number in range(20)]
        claims = self.env["qms.supplier.claim"].union(
            *(self._draft_claim(case) for case in cases)
        )
        names = ["name", "partner_id", "amount_total", "is_late", "user_id", "state"]
        counts = []
        claims.read(names)
        for some in (claims[:2], claims):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestSupplierClaimSigned(ClaimCase, SigningCase):
    """Where a rule says so, claims are signed before they go out."""

    def test_signature_before_sending(self):
        self._rule("qms.supplier.claim:send")
        claim = self._draft_claim()
        opened = claim.action_send()
        self.assertEqual(opened["res_model"], "qms.signature.wizard")
        self.assertEqual(claim.state, "draft")
        self._sign(claim, self.inspector, "send")
        self.assertEqual(claim.state, "sent")
        self.assertTrue(self._get_mail(claim))
