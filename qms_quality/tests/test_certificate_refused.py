from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.misc import find_in_path

from .common_certificate import CertificateCase
from .refusal_case import RefusalMixin


def _has_wkhtmltopdf():
    try:
        return bool(find_in_path("wkhtmltopdf"))
    except OSError:
        return False


@tagged("post_install", "-at_install")
class TestCertificateRefused(RefusalMixin, CertificateCase):
    """Certificates that are not made, each refused in full."""

    # -- Refused -----------------------------------------------------------------------

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
