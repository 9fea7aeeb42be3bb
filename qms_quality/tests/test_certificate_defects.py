from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_certificate import CertificateCase
from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestCertificateDefects(SamplingCase, CertificateCase):
    """Goods whose defects are counted, without a test, get none when they failed."""

    def test_failed_by_its_defects(self):
        lot = self._passed_order().lot_ids
        certificate = self._issue(lot)
        self.env["qms.quality.association"].search([]).active = False
        plan = self._make_plan("z14", aql_major="2.5", aql_minor=False)
        self._sample_by(plan, group=self._make_group("Visual"))
        order = self._orders(self._receive([lot], quantity=200))
        self._count_defects(order, major=20)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.verdict, "failed")
        order.hold_ids._release("Sorted out")
        for subject in (lot, self._delivery(3, lot, partner_id=self.dairy.id)):
            with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
                self._make(subject)
            self.assertIn(f"- C-1: failed in {order.name}", str(refused.exception))
        self.assertEqual(self._standing(certificate), "held")
        again = self._orders(self._receive([lot], quantity=200))
        self._count_defects(again)
        again.with_user(self.inspector).action_validate()
        self.assertTrue(self._make(lot))
