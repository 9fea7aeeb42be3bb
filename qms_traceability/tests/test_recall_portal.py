import re
from html import unescape

from odoo import http
from odoo.tests import HttpCase, tagged

from .common_recall import CASES, RecallCase

PATH = "/my/recalls"


@tagged("post_install", "-at_install")
class TestRecallPortal(RecallCase, HttpCase):
    """Customers read and answer what is addressed to them, and nothing else."""

    def setUp(self):
        super().setUp()
        self.recall = self._told()
        self.notice = self._notice(self.recall)
        self.other = self._notice(self.recall, 1)
        self.token = self.notice.sudo().access_token

    def _as(self, user):
        login = user.login if user else None
        self.authenticate(login, login)

    def _visit(self, notice=None, token=None, path="", **params):
        if token:
            params["access_token"] = token
        self.env.flush_all()
        url = f"{PATH}/{(notice or self.notice).id}{path}"
        return self.url_open(url, params=params)

    def _post(self, notice=None, token=None, step="answer", **data):
        notice = notice or self.notice
        data["csrf_token"] = http.Request.csrf_token(self)
        if token:
            data["access_token"] = token
        self.env.flush_all()
        page = self.url_open(f"{PATH}/{notice.id}/{step}", data=data)
        self.env.invalidate_all()
        return page

    def _answer(self, notice=None, **quantities):
        line = (notice or self.notice).line_ids
        return {f"{name}_{line.id}": value for name, value in quantities.items()}

    def _get_text(self, page):
        start = page.text.find('class="o_qms_recall"')
        text = re.sub(r"<[^>]+>", " ", page.text[start:])
        return " ".join(unescape(text).split())

    def assertElsewhere(self, page):
        """Expect to be sent away, without a word about the recall."""
        self.assertLess(page.status_code, 500)
        for word in (self.notice.name, "Salmonella", "SD-2026-0315", "INGred-01"):
            self.assertNotIn(word, page.text)

    # -- Those who may -----------------------------------------------------------------

    def test_portal_user_answers(self):
        self._as(self.portal_user)
        self.assertIn(self.notice.name, self.url_open(PATH).text)
        text = self._get_text(self._visit())
        for told in ("SD-2026-0315", "Do not sell it.", "50.00 Units"):
            self.assertIn(told, text)
        for secret in ("INGred-01 ", "Supplier X", "Market 02", self.other.name):
            self.assertNotIn(secret, text.replace("mustard seed INGred-01.", ""))
        self._post(step="acknowledge")
        self.assertEqual(self.notice.state, "acknowledged")
        page = self._post(
            **self._answer(returned="30,5", destroyed="9.5", used=""), remark="10 sold"
        )
        self.assertIn("Thank you, your answer has been sent.", self._get_text(page))
        line = self.notice.line_ids
        self.assertEqual((line.returned, line.destroyed, line.used), (30.5, 9.5, 0))
        self.assertEqual(line.unaccounted, 10)
        self.assertEqual(self.notice.answered_by, "Buyer of Market 01")
        self.assertEqual(self.notice.answer_channel, "portal")
        self.assertEqual(self.notice.remark, "10 sold")

    def test_link_of_the_mail_answers(self):
        self._as(None)
        answer = self._answer(returned=str(CASES))
        page = self._post(token=self.token, **answer)
        self.assertIn("Enter your name.", self._get_text(page))
        self.assertEqual(self.notice.state, "told")
        page = self._post(token=self.token, answered_by="Ms Brandt", **answer)
        self.assertIn("Thank you", self._get_text(page))
        self.assertEqual(self.notice.answer_channel, "link")
        # once is enough
        page = self._post(token=self.token, answered_by="M", **self._answer(used="50"))
        self.assertIn("isn't waiting for an answer any more", self._get_text(page))
        self.assertEqual(self.notice.line_ids.returned, CASES)

    def test_coordinator_sees_but_does_not_answer(self):
        self._as(self.coordinator)
        self.assertIn("This is what the customer sees", self._get_text(self._visit()))
        page = self._post(**self._answer(returned="1"))
        self.assertIn("Enter the customer's answer on the notice", self._get_text(page))
        self.assertEqual(self.notice.state, "told")

    def test_nothing_is_answered_after_the_end(self):
        """Neither on the page nor by what it would send."""
        for notice in self.recall.customer_ids - self.notice:
            notice.line_ids.returned = CASES
            notice.action_answer()
        self._row(self.recall, self.dressing).explanation = "Market 01 is closed."
        self.recall.conclusion = "Done."
        self.recall.action_close()
        self.assertEqual(self.recall.state, "closed")
        for user, token in ((self.portal_user, None), (None, self.token)):
            with self.subTest(user=user):
                self._as(user)
                page = self._post(
                    token=token, answered_by="M", **self._answer(used="50")
                )
                text = self._get_text(page)
                self.assertIn("isn't waiting for an answer any more", text)
                self._post(token=token, step="acknowledge")
                self.assertEqual(self.notice.state, "told")
                self.assertFalse(self.notice.line_ids.used)

    # -- Those who may not -------------------------------------------------------------

    def test_strangers_are_sent_away(self):
        """Another customer, and nobody, with no token, a wrong one, another's."""
        theirs = self.other.sudo().access_token
        for user in (self.rival_user, None):
            self._as(user)
            for token in (None, "x", "ü", "%00", self.token[:-1], theirs):
                with self.subTest(user=user, token=token):
                    self.assertElsewhere(self._visit(token=token))
                    self.assertElsewhere(self._visit(token=token, report_type="pdf"))
                    for step in ("answer", "acknowledge"):
                        page = self._post(
                            token=token,
                            step=step,
                            answered_by="M",
                            **self._answer(returned="50"),
                        )
                        self.assertElsewhere(page)
                    self.assertEqual(self.notice.state, "told")
                    self.assertFalse(self.notice.line_ids.returned)

    def test_not_another_customers_goods(self):
        """What is sent for lines of another notice changes nothing there."""
        self._as(self.rival_user)
        self._post(self.other, **self._answer(self.notice, returned="50"))
        self.assertFalse(self.notice.line_ids.returned)
        self.assertEqual(self.notice.state, "told")

    def test_nobody_reads_what_was_not_sent(self):
        recall = self._contained(subject="Another one")
        notice = self._notice(recall)
        token = notice.sudo()._portal_ensure_token()
        self._as(self.portal_user)
        self.assertElsewhere(self._visit(notice))
        self._as(None)
        self.assertElsewhere(self._visit(notice, token=token))
        self._post(
            notice, token=token, answered_by="M", **self._answer(notice, used="1")
        )
        self.assertEqual(notice.state, "to_tell")

    def test_bad_input(self):
        self._as(self.portal_user)
        for value in ("-1", "51", "nan", "inf", "1e400", "many", "1\x00", "٣٠٠"):
            with self.subTest(value):
                page = self._post(**self._answer(returned=value))
                self.assertEqual(page.status_code, 200)
                self.assertIn("Please mend this", self._get_text(page))
                self.assertEqual(self.notice.state, "told")
        page = self._post(**self._answer(used="1"), remark="x" * 10_001)
        self.assertIn("at most 10000 characters", self._get_text(page))
        page = self._post(**self._answer(used="1"), remark="<script>alert(1)</script>")
        self.assertNotIn("<script>alert(1)", page.text)

    def test_files_are_for_readers(self):
        path = f"/qms_traceability/recall/{self.recall.id}"
        for user, code in (
            (self.portal_user, 404),
            (self.clerk, 404),
            (self.inspector, 200),
        ):
            self._as(user)
            for kind in ("fsma", "epcis", "serials"):
                with self.subTest(user=user.login, kind=kind):
                    self.assertEqual(self.url_open(f"{path}/{kind}").status_code, code)
        self.assertEqual(self.url_open(f"{path}/state").status_code, 404)
        self.assertEqual(self.url_open(path[:-1] + "99999/fsma").status_code, 404)
