from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools.misc import find_in_path

from odoo.addons.qms_quality.models.sentinel import trusted

from .common_certificate import CertificateCase
from .refusal_case import RefusalMixin


def _has_wkhtmltopdf():
    try:
        return bool(find_in_path("wkhtmltopdf"))
    except OSError:
        return False


@tagged("post_install", "-at_install")
class TestCertificateStanding(RefusalMixin, CertificateCase):
    """What a certificate says of its goods after it was issued."""

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
