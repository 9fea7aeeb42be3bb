import re
from html import unescape

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_claim import ANSWER, ClaimCase
from .rpc_case import JsonClient, Refused, XmlClient

PATH = "/my/supplier-claims"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
SCRIPT = "<script>alert(1)</script>"


class ClaimPortalCase(ClaimCase, HttpCase):
    """A claim that was sent, and browsers that open its page."""

    def setUp(self):
        super().setUp()
        self.claim = self._send_claim(self._draft_claim(partner_id=self.contact))
        self.token = self.claim.sudo().access_token

    def _as(self, user):
        """Log in as a user; as nobody, without one."""
        login = user.login if user else None
        self.authenticate(login, login)

    def _open(self, claim=None, token=None, **params):
        claim = claim or self.claim
        if token:
            params["access_token"] = token
        self.env.flush_all()
        return self.url_open(f"{PATH}/{claim.id}", params=params)

    def _post(self, step="send", token=None, files=None, claim=None, **texts):
        """Send the form off; return the page that comes back."""
        claim = claim or self.claim
        data = {"step": step, "csrf_token": http.Request.csrf_token(self), **texts}
        if token:
            data["access_token"] = token
        uploads = [("files", file) for file in files or ()]
        self.env.flush_all()
        page = self.url_open(
            f"{PATH}/{claim.id}/answer", data=data, files=uploads or None
        )
        self.env.invalidate_all()
        return page

    def _get_text(self, page):
        """Return what the page shows, without its tags."""
        start = page.text.find('class="o_qms_supplier_claim"')
        text = re.sub(r"<[^>]+>", " ", page.text[start:])
        return " ".join(unescape(text).split())

    def assertElsewhere(self, page):
        """Expect to be sent away, without a word about the claim."""
        self.assertNotIn(self.claim.name, page.text)
        self.assertNotIn("Stem pieces", page.text)


@tagged("post_install", "-at_install")
class TestSupplierClaimPortal(ClaimPortalCase):
    """Vendors read and answer what is addressed to them, and nothing else."""

    # -- Those who may -----------------------------------------------------------------

    def test_portal_user_answers(self):
        self._as(self.vendor_user)
        text = self._get_text(self._open())
        for told in (self.claim.name, "Stem pieces in the fruit", "3 of 5 samples"):
            self.assertIn(told, text)
        self.assertNotIn("Your name", text)
        page = self._post(**ANSWER)
        self.assertIn("Thank you, your answer has been sent.", self._get_text(page))
        self.assertEqual(self.claim.state, "answered")
        self.assertEqual(self.claim.answered_by, "Anna Green")
        self.assertEqual(self.claim.answer_channel, "portal")
        for name, written in ANSWER.items():
            self.assertEqual(self.claim[name], written)
        self.assertIn("answer", self._get_trail(self.claim))

    def test_link_of_the_mail_answers(self):
        self._as(None)
        self.assertIn("Your name", self._get_text(self._open(token=self.token)))
        page = self._post(token=self.token, **ANSWER)
        self.assertIn("Enter your name.", self._get_text(page))
        self.assertEqual(self.claim.state, "sent")
        page = self._post(token=self.token, answered_by="Carl Green", **ANSWER)
        self.assertIn("Thank you", self._get_text(page))
        self.assertEqual(self.claim.answered_by, "Carl Green")
        self.assertEqual(self.claim.answer_channel, "link")
        self.assertEqual(self.claim.activity_ids.user_id, self.inspector)

    def test_save_for_later(self):
        self._as(self.vendor_user)
        page = self._post("save", answer_containment="Stock blocked")
        self.assertIn("Saved.", self._get_text(page))
        self.assertEqual(self.claim.state, "sent")
        self.assertEqual(self.claim.answer_containment, "Stock blocked")
        page = self._post(answer_cause="The sieve was torn")
        text = self._get_text(page)
        self.assertIn("Still missing: D5, D6 Corrective Action, D7 Prevention", text)
        self.assertEqual(self.claim.state, "sent")
        self.assertEqual(self.claim.answer_cause, "The sieve was torn")

    def test_list(self):
        self._as(self.vendor_user)
        self.assertIn(self.claim.name, self.url_open(PATH).text)
        self._as(self.rival_user)
        page = self.url_open(PATH)
        self.assertElsewhere(page)
        self.assertIn("There are no claims to your company.", page.text)

    def test_colleague_and_company(self):
        """A claim to the company is for all who work there."""
        claim = self._send_claim()
        self.assertEqual(claim.partner_id, self.vendor)
        self._as(self.vendor_user)
        self.assertIn(claim.name, self._open(claim).text)

    def test_file(self):
        self._as(self.vendor_user)
        page = self._open(report_type="pdf")
        self.assertEqual(page.headers["Content-Type"], "application/pdf")
        self._as(None)
        self.assertEqual(self._open(report_type="pdf", token="x").status_code, 200)
        self.assertElsewhere(self._open(report_type="pdf", token="x"))

    def test_returned_answer_says_why(self):
        self._as(self.vendor_user)
        self._post(**ANSWER)
        self.claim.action_return("Why was the sieve torn?")
        text = self._get_text(self._open())
        self.assertIn("Your answer came back to you: Why was the sieve torn?", text)
        self._post(**{**ANSWER, "answer_cause": "It was old"})
        self.assertEqual(self.claim.answer_cause, "It was old")
        self.assertEqual(self.claim.state, "answered")

    def test_inspector_sees_but_does_not_answer(self):
        self._as(self.inspector)
        text = self._get_text(self._open())
        self.assertIn("This is what the vendor sees", text)
        self.assertNotIn("Send the Answer", text)
        page = self._post(**ANSWER)
        self.assertIn("Enter the vendor's answer on the claim", self._get_text(page))
        self.assertEqual(self.claim.state, "sent")

    # -- Those who may not -------------------------------------------------------------

    def test_strangers_are_sent_away(self):
        for user in (self.rival_user, None):
            self._as(user)
            for token in (None, "x", "ü", "%00", self.token[:-1], self.token + "0"):
                with self.subTest(user=user, token=token):
                    page = self._open(token=token)
                    self.assertLess(page.status_code, 500)
                    self.assertElsewhere(page)
                    page = self._post(token=token, answered_by="M", **ANSWER)
                    self.assertLess(page.status_code, 500)
                    self.assertElsewhere(page)
                    self.assertEqual(self.claim.state, "sent")
                    self.assertFalse(self.claim.answer_cause)

    def test_token_is_for_one_claim(self):
        other = self._send_claim()
        self._as(None)
        self.assertElsewhere(self._open(other, token=self.token))
        self._post(claim=other, token=self.token, answered_by="M", **ANSWER)
        self.assertEqual(other.state, "sent")

    def test_draft_is_shown_to_nobody(self):
        draft = self._draft_claim(partner_id=self.contact)
        token = draft.sudo()._portal_ensure_token()
        self._as(self.vendor_user)
        self.assertElsewhere(self._open(draft))
        self._as(None)
        self.assertElsewhere(self._open(draft, token=token))
        self._post(claim=draft, token=token, answered_by="M", **ANSWER)
        self.assertEqual(draft.state, "draft")
        self.assertFalse(draft.answer_cause)

    def test_withdrawn_is_not_answered(self):
        self.claim.with_user(self.manager).action_cancel("Samples mixed up")
        self._as(self.vendor_user)
        text = self._get_text(self._open())
        self.assertIn("We have withdrawn this claim. Samples mixed up", text)
        page = self._post(**ANSWER)
        self.assertIn("isn't waiting for an answer any more", self._get_text(page))
        self.assertEqual(self.claim.state, "cancelled")

    def test_not_answered_twice(self):
        self._as(self.vendor_user)
        self._post(**ANSWER)
        self._post(**{**ANSWER, "answer_cause": "It was the customer"})
        self.assertEqual(self.claim.answer_cause, ANSWER["answer_cause"])

    def test_unknown_numbers(self):
        self._as(self.vendor_user)
        for number in (0, 2**31 - 1, 2**31, 2**63, 10**30):
            with self.subTest(number):
                page = self.url_open(f"{PATH}/{number}")
                self.assertLess(page.status_code, 500)
                self.assertElsewhere(page)
                page = self.url_open(f"{PATH}/{self.claim.id}/files/{number}")
                self.assertEqual(page.status_code, 404)

    @mute_logger("odoo.http")
    def test_other_sites_cannot_post(self):
        self._as(self.vendor_user)
        page = self.url_open(
            f"{PATH}/{self.claim.id}/answer", data={"step": "send", **ANSWER}
        )
        self.assertEqual(page.status_code, 400)
        self.assertEqual(self.claim.state, "sent")
        page = self.url_open(f"{PATH}/{self.claim.id}/answer")
        self.assertIn(page.status_code, (404, 405))

    def test_only_the_answer_is_read_from_the_form(self):
        self._as(self.vendor_user)
        self._post(
            "save",
            answer_cause="The sieve",
            subject="All is well",
            state="accepted",
            amount_total="0",
            partner_id="1",
            access_token_="x",
        )
        self.assertEqual(self.claim.subject, "Stem pieces in the fruit")
        self.assertEqual(self.claim.state, "sent")

    # -- What they send ----------------------------------------------------------------

    def test_answer_is_plain_text(self):
        self._as(self.vendor_user)
        hostile = f"{SCRIPT}\r\nsecond line\x00 {{{{ 7*7 }}}}"
        page = self._post(**{**ANSWER, "answer_cause": hostile})
        self.assertNotIn(SCRIPT, page.text)
        self.assertEqual(
            self.claim.answer_cause, f"{SCRIPT}\nsecond line {{{{ 7*7 }}}}"
        )
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "qms_quality.report_supplier_claim", self.claim.ids
        )
        self.assertNotIn(SCRIPT, html.decode())
        self.assertIn("&lt;script&gt;", html.decode())
        self.claim.action_return(SCRIPT)
        self.assertNotIn(SCRIPT, self._get_mail(self.claim).body)
        self.assertNotIn(SCRIPT, self._open().text)

    def test_name_is_plain_text(self):
        self._as(None)
        self._post(token=self.token, answered_by=f"{SCRIPT}{'x' * 300}", **ANSWER)
        self.assertEqual(len(self.claim.answered_by), 100)
        bodies = "".join(str(one.body) for one in self.claim.sudo().message_ids)
        self.assertNotIn(SCRIPT, bodies)
        self.assertIn("&lt;script&gt;", bodies)

    def test_long_text(self):
        self._as(self.vendor_user)
        page = self._post(**{**ANSWER, "answer_cause": "x" * 10_001})
        text = self._get_text(page)
        self.assertIn("D4 Root Cause: at most 10000 characters.", text)
        # what was typed isn't lost
        self.assertIn(ANSWER["answer_prevention"], text)
        self.assertFalse(self.claim.answer_prevention)
        self.assertEqual(self.claim.state, "sent")

    def test_files(self):
        self._as(self.vendor_user)
        self._post("save", files=[("../../sieve.png", PNG), ("note.txt", b"torn")])
        files = self.claim.sudo().answer_file_ids
        self.assertEqual(set(files.mapped("name")), {"sieve.png", "note.txt"})
        self.assertEqual(set(files.mapped("mimetype")), {"image/png", "text/plain"})
        url = f"{PATH}/{self.claim.id}/files/{files[0].id}"
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("attachment", page.headers["Content-Disposition"])
        self._as(self.rival_user)
        self.assertEqual(self.url_open(url).status_code, 404)
        self._as(None)
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(
            self.url_open(f"{url}?access_token={self.token}").status_code, 200
        )
        self._as(self.vendor_user)
        self._post("save", remove_file=str(files[0].id))
        self.assertEqual(self.claim.sudo().answer_file_ids, files[1])

    def test_files_that_are_not_taken(self):
        self._as(self.vendor_user)
        refused = {
            "page.html": b"<script>",
            "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "tool.exe": b"MZ\x90",
            "fake.pdf": b"<html>",
            "fake.txt": b"MZ\x00\x01",
            "none": b"x",
            "empty.pdf": b"",
        }
        for name, content in refused.items():
            with self.subTest(name):
                page = self._post("save", files=[(name, content)], answer_cause="x")
                self.assertIn(name, self._get_text(page))
                self.assertFalse(self.claim.sudo().answer_file_ids)
                self.assertFalse(self.claim.answer_cause)
        text = self._get_text(page)
        self.assertIn("empty.pdf is empty.", text)

    def test_too_large_and_too_many_files(self):
        self._as(self.vendor_user)
        large = b"%PDF-" + b"0" * (10 * 1024 * 1024)
        page = self._post("save", files=[("scan.pdf", large)])
        self.assertIn("scan.pdf is larger than 10 MB.", self._get_text(page))
        files = [(f"{number}.txt", b"x") for number in range(6)]
        self._post("save", files=files)
        self.assertEqual(len(self.claim.sudo().answer_file_ids), 6)
        page = self._post("save", files=files)
        self.assertIn("At most 10 files.", self._get_text(page))
        self.assertEqual(len(self.claim.sudo().answer_file_ids), 6)

    def test_files_of_others_stay(self):
        """Neither read nor taken back: only files of this claim's page."""
        internal = self.env["ir.attachment"].create(
            {
                "name": "calculation.txt",
                "raw": b"secret",
                "res_model": "qms.supplier.claim",
                "res_id": self.claim.id,
            }
        )
        self._as(self.vendor_user)
        url = f"{PATH}/{self.claim.id}/files/{internal.id}"
        self.assertEqual(self.url_open(url).status_code, 404)
        self._post("save", remove_file=str(internal.id))
        self.assertTrue(internal.exists())
        page = self.url_open(f"/web/content/{internal.id}")
        self.assertNotIn(b"secret", page.content)

    # -- By RPC ------------------------------------------------------------------------

    def _clients(self, user):
        self.passwords = {user: user.login}
        user.sudo().password = user.login
        return [XmlClient(self, user), JsonClient(self, user)]

    def test_vendor_by_rpc(self):
        for client in self._clients(self.vendor_user):
            self.env.flush_all()
            ids = [self.claim.id]
            told = client("qms.supplier.claim", "read", ids, fields=["subject"])
            self.assertEqual(told[0]["subject"], "Stem pieces in the fruit")
            for name in (
                "nonconformance_id",
                "answer_channel",
                "accepted_by_id",
                "reminder_count",
            ):
                with self.subTest(name), self.assertRaises(Refused):
                    client("qms.supplier.claim", "read", ids, fields=[name])
            for method, named in (
                ("write", {"vals": {"answer_cause": "x"}}),
                ("write", {"vals": {"state": "accepted"}}),
                ("unlink", {}),
                ("action_accept", {}),
                ("action_answer", {}),
                ("action_cancel", {"reason": "x"}),
                ("action_remind", {}),
                ("_answer", {"who": "x", "channel": "portal"}),
                ("_save_portal_answer", {"texts": {"answer_cause": "x"}}),
            ):
                with self.subTest(method), self.assertRaises(Refused):
                    client("qms.supplier.claim", method, ids, **named)
            for model in (
                "qms.nonconformance",
                "qms.nonconformance.cost",
                "qms.supplier.claim.charge",
                "qms.disposition",
            ):
                with self.subTest(model), self.assertRaises(Refused):
                    client(model, "search_read", domain=[], fields=["id"])
            domain = [("res_model", "=", "qms.supplier.claim")]
            with self.assertRaises(Refused):
                client("ir.attachment", "search_read", domain=domain, fields=["id"])
            self.env.invalidate_all()
            self.assertEqual(self.claim.state, "sent")
            self.assertFalse(self.claim.answer_cause)

    def test_rival_by_rpc(self):
        for client in self._clients(self.rival_user):
            self.env.flush_all()
            found = client(
                "qms.supplier.claim", "search_read", domain=[], fields=["name"]
            )
            self.assertFalse(found)
            ids = [self.claim.id]
            for method, named in (
                ("read", {"fields": ["subject"]}),
                ("get_portal_url", {}),
                ("message_post", {"body": "x"}),
            ):
                with self.subTest(method), self.assertRaises(Refused):
                    client("qms.supplier.claim", method, ids, **named)
        self._as(self.rival_user)
        for kind in ("pdf", "html"):
            page = self.url_open(
                f"/report/{kind}/qms_quality.report_supplier_claim/{self.claim.id}"
            )
            self.assertElsewhere(page)

    def test_inspector_by_rpc(self):
        """What the buttons do isn't done by writing."""
        for client in self._clients(self.inspector):
            for vals in (
                {"state": "accepted"},
                {"answered_by": "Anna Green"},
                {"answer_channel": "portal"},
                {"access_token": "guessed"},
                {"date_accepted": "2026-01-01"},
                {"nonconformance_id": 1},
                {"date_reminder": "2040-01-01"},
            ):
                with self.subTest(vals), self.assertRaises(Refused):
                    client(
                        "qms.supplier.claim",
                        "write",
                        [self.claim.id],
                        vals=vals,
                        context={"qms_sentinel": True},
                    )
            with self.assertRaises(Refused):
                client(
                    "qms.supplier.claim",
                    "create",
                    vals_list=[
                        {
                            "subject": "x",
                            "partner_id": self.vendor.id,
                            "nonconformance_id": self.claim.nonconformance_id.id,
                            "company_id": self.company.id,
                        }
                    ],
                )

    def test_protection_text(self):
        with self.assertRaises(AccessError) as refusal:
            self.claim.write({"state": "accepted"})
        self.assertEqual(
            str(refusal.exception),
            "A claim is made on its nonconformance, with the button Claim to Vendor,"
            " and moves by its own buttons only.",
        )


@tagged("post_install", "-at_install", "qms_native")
class TestSupplierClaimTour(ClaimPortalCase):
    """A vendor answers in his browser, in two goes."""

    def test_vendor_answers(self):
        self.start_tour("/my", "qms_vendor_answers", login=self.vendor_user.login)
        self.assertEqual(self.claim.state, "answered")
        self.assertEqual(self.claim.answered_by, "Anna Green")
        self.assertEqual(self.claim.answer_containment, "Stock blocked")
        self.assertEqual(self.claim.answer_prevention, "Looked at every morning")
