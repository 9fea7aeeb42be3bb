from odoo.tests import HttpCase, tagged

from .common_certificate import CertificateCase

PATH = "/quality/certificate"


@tagged("post_install", "-at_install", "qms_native")
class TestCertificatePage(CertificateCase, HttpCase):
    """Anybody with a certificate in his hands learns whether it holds; nothing more."""

    def setUp(self):
        super().setUp()
        self.order = self._passed_order()
        self.certificate = self._issue(self.order)
        self.authenticate(None, None)

    def _open(self, path):
        self.env.cr.flush()
        answer = self.url_open(path)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertIn("noindex", answer.headers["X-Robots-Tag"])
        return answer

    def _get_path(self):
        url = self.certificate._get_page_url()
        return url[url.index(PATH) :]

    def test_current(self):
        answer = self._open(self._get_path())
        self.assertEqual(answer.status_code, 200)
        for text in ("Genuine and current", self.certificate.name, "Milk", "C-1"):
            self.assertIn(text, answer.text)
        for secret in ("City Dairy", "4.00", "5.00", "Fat content", self.order.name):
            self.assertNotIn(secret, answer.text)

    def test_typed(self):
        token = self.certificate.sudo().token
        answer = self._open(f"{PATH}?code={token}")
        self.assertIn("Genuine and current", answer.text)
        self.assertNotIn("alert", self._open(PATH).text)

    def test_held(self):
        self._hold(lot=self.order.lot_ids, reason="Salmonella")
        answer = self._open(self._get_path())
        self.assertIn("being examined again", answer.text)
        self.assertNotIn("Salmonella", answer.text)
        self.assertNotIn("Genuine and current", answer.text)

    def test_unknown(self):
        """Wrong codes, numbers and drafts all get the same answer."""
        draft = self._make(self.order, self.partner)
        pages = set()
        for token in (
            "A" * 32,
            "x",
            "%00",
            "%27%20OR%201=1",
            str(self.certificate.id),
            self.certificate.name.replace("/", "%2F"),
            draft.sudo().token,
        ):
            answer = self._open(f"{PATH}?code={token}")
            self.assertEqual(answer.status_code, 404)
            start = answer.text.index("<main")
            pages.add(answer.text[start:])
        self.assertEqual(len(pages), 1)
        self.assertIn("No certificate was issued under this code", pages.pop())

    def test_other_methods(self):
        answer = self.url_open(self._get_path(), data={"x": "y"})
        self.assertEqual(answer.status_code, 405)
