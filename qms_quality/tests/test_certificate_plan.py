from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_certificate import CertificateCase
from .common_plan import PlanCase


@tagged("post_install", "-at_install")
class TestCertificatePlan(PlanCase, CertificateCase):
    """Certificates of orders that a quality plan judged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls._judged_group("Both", 1, 1)
        cls.one = cls._judged_group("One", readings=1)
        cls.other = cls._make_group("Other", {"test_id": cls.judged_2.id})

    def _validate(self, order):
        order.with_user(self.inspector).action_validate()

    def _refusal(self, subject):
        with self.assertRaises(UserError) as refused:
            self._make(subject)
        return str(refused.exception)

    def test_what_did_not_have_to_be_tested(self):
        """The table passes what is not complete; only what was read is certified."""
        self._plan(basis="one")
        order = self._order_of(self.both)
        self._read(order, self.judged, None, True)
        self.assertIn("(In Progress): not validated yet", self._refusal(order))
        self._validate(order)
        self.assertEqual(self._status(order), ("validated", "passed", ["passed"]))
        for subject in (order, order.lot_ids):
            certificate = self._issue(subject)
            self.assertEqual(self._read_lines(certificate), {"Odour": ("Pass", "Pass")})
            self.assertEqual(self._standing(certificate), "current")

    def test_readings_after_the_verdict(self):
        self._plan(basis="one")
        order = self._order_of(self.both)
        lot = order.lot_ids
        self._read(order, self.judged, True)
        self._validate(order)
        certificate = self._issue(lot)
        # another test says nothing about what is certified
        self._read(order, self.judged_2, True)
        self.assertEqual(self._standing(certificate), "current")
        second = self._issue(lot)
        self.assertEqual(set(self._read_lines(second)), {"Odour", "Colour"})
        self.assertEqual(self._standing(certificate), "superseded")
        # another reading of a certified test does
        self._read(order, self.judged, None, True)
        self.assertEqual(self._standing(second), "changed")
        third = self._issue(lot)
        self.assertEqual(self._read_lines(third)["Odour"], ("Pass", "Pass; Pass"))
        # one that fails takes the verdict back
        self._read(order, self.judged, None, None, False)
        self.assertEqual(order.state, "open")
        self.assertEqual(self._standing(third), "held")
        self.assertIn("L1: held as On hold", self._refusal(lot))

    def test_a_specification_that_did_not_have_to_pass(self):
        """One is enough for the lot; the certificate tells what the other found."""
        self._plan(order_basis="one")
        order = self._order_of(self.one | self.other)
        self._read(order, self.judged, True)
        self._read(order, self.judged_2, False)
        self._validate(order)
        self.assertEqual(order.verdict, "passed")
        certificate = self._issue(order.lot_ids)
        self.assertEqual(
            self._read_lines(certificate),
            {"Odour": ("Pass", "Pass"), "Colour": ("Pass", "Fail")},
        )
        self.assertEqual(
            dict(certificate.line_ids.mapped(lambda one: (one.name, one.verdict))),
            {"Odour": "passed", "Colour": "failed"},
        )
        self.assertEqual(self._standing(certificate), "current")

    def test_a_table_that_fails_what_was_not_tested(self):
        """No reading failed, and yet the lot did."""
        self._plan(cell_pass_untested="failed")
        order = self._order_of(self.both)
        self._read(order, self.judged, True, True, True)
        self._validate(order)
        self.assertEqual(order.verdict, "failed")
        self.assertIn(f"failed in {order.name}", self._refusal(order))
        self.assertIn(f"L1: failed in {order.name}", self._refusal(order.lot_ids))

    def test_the_table_puts_on_hold(self):
        self._plan(cell_pass_fail="on_hold")
        order = self._order_of(self.both)
        self._read(order, self.judged, True, True, True)
        self._read(order, self.judged_2, False)
        self.assertIn("L1: held as", self._refusal(order.lot_ids))
        self.assertIn(
            f"L1: not validated yet: {order.name}", self._refusal(order.lot_ids)
        )
