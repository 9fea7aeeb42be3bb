from psycopg2 import IntegrityError
from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.models.ir_qweb import QWebError
from odoo.addons.qms_quality.models.retry import is_transient

from .common import MANAGER
from .common_certificate import ISSUE, CertificateCase

LOGGER = "odoo.addons.qms_quality.models.inspection.certificate.certificate_delivery"


@tagged("post_install", "-at_install")
class TestCertificateDelivery(CertificateCase):
    """A delivery takes its certificate along, if the customer's rule says so."""

    def setUp(self):
        super().setUp()
        self.order = self._passed_order()
        self.lot = self.order.lot_ids
        self.context = {}

    def _deliver(self, **vals):
        """Validate a delivery of the lot as a clerk; return it as superuser."""
        picking = self._delivery(3, self.lot, **{"partner_id": self.dairy.id, **vals})
        self.env.invalidate_all()
        picking.with_user(self.clerk).with_context(**self.context).button_validate()
        return picking

    def _certificates(self, picking):
        return self.env["qms.certificate"].search([("picking_id", "=", picking.id)])

    def _files(self, picking):
        return picking.message_ids.attachment_ids.filtered(
            lambda one: one.name.startswith("COA")
        )

    def test_by_hand(self):
        picking = self._deliver()
        self.assertFalse(self._certificates(picking), "no rule asks for one")
        certificate = self._issue(picking)
        self.assertEqual(certificate.goods_ids.quantity, 3)
        self.assertEqual(len(self._files(picking)), 1)
        self.assertEqual(picking.with_user(self.clerk).qms_certificate_count, 1)

    def test_attached_on_validation(self):
        self._customer(attach=True)
        picking = self._deliver()
        self.assertEqual(picking.state, "done")
        certificate = self._certificates(picking)
        self.assertEqual(
            (certificate.state, certificate.partner_id, certificate.issued_by_id),
            ("issued", self.dairy, self.clerk),
        )
        file = self._files(picking)
        self.assertEqual(file.name[:4], "COA-")
        self.assertIn(certificate.name.encode(), file.raw)
        self.assertFalse(picking.activity_ids)
        other = self._deliver(partner_id=self.partner.id)
        self.assertFalse(self._certificates(other), "no rule for this customer")

    def test_refusal_is_told_and_stops_nothing(self):
        self._customer({"test_id": self.fat.id, "lower_limit": 4.1}, attach=True)
        picking = self._deliver()
        self.assertEqual(picking.state, "done")
        self.assertFalse(self._certificates(picking))
        self.assertEqual(
            picking.activity_ids.summary, "Certificate of analysis is missing"
        )
        self.assertEqual(picking.activity_ids.user_id, self.clerk)
        self.assertIn("Fat content is 4.00", picking.activity_ids.note)

    def test_required(self):
        self._customer(
            {"test_id": self.fat.id, "lower_limit": 4.1}, attach=True, required=True
        )
        picking = self._delivery(3, self.lot, partner_id=self.dairy.id)
        with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
            picking.with_user(self.clerk).button_validate()
        self.assertEqual(
            str(refused.exception),
            f"{picking.name} can't be delivered without its certificate of analysis,"
            " which City Dairy requires.\n"
            f"No certificate of analysis for {picking.name}:\n"
            "- C-1: Fat content is 4.00; City Dairy asks for ≥ 4.10\n"
            "- C-1: Fat content is 4.00; City Dairy asks for ≥ 4.10",
        )
        self.env.invalidate_all()
        self.assertNotEqual(picking.state, "done")
        self.assertEqual(self._quantity(self.stock, self.lot), 10)

    def _break_print(self):
        """Let a customization of the printed certificate be wrong."""
        self.env["ir.ui.view"].create(
            {
                "name": "Our certificate",
                "type": "qweb",
                "inherit_id": self.env.ref(
                    "qms_quality.report_certificate_document"
                ).id,
                "arch": """<data><xpath expr="//table" position="before">
                    <t t-out="doc.no_such_field" /></xpath></data>""",
            }
        )

    def test_a_broken_print_stops_nothing(self):
        self._break_print()
        self._customer(attach=True)
        with self.assertLogs(LOGGER, "WARNING"):
            picking = self._deliver()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._certificates(picking).state, "issued")
        self.assertFalse(self._files(picking))
        self.assertIn("The file of COA/", picking.activity_ids.note)

    def test_a_broken_print_where_it_is_required(self):
        self._break_print()
        self._customer(attach=True, required=True)
        picking = self._delivery(3, self.lot, partner_id=self.dairy.id)
        with (
            self.assertLogs(LOGGER, "WARNING"),
            self.assertRaises(UserError) as refused,
            self.env.cr.savepoint(),
        ):
            picking.with_user(self.clerk).button_validate()
        self.assertIn(
            f"{picking.name} can't be delivered without its certificate of analysis,"
            " which City Dairy requires.\nThe file of COA/",
            str(refused.exception),
        )
        self.env.invalidate_all()
        self.assertNotEqual(picking.state, "done")
        self.assertFalse(self._certificates(picking))

    def _break_code(self):
        """Let an addon's code fail while the certificate prints, outside a template."""
        report = self.env.ref("qms_quality.action_report_certificate")
        report.attachment = "object.no_such_field"
        # otherwise a test prints no PDF
        self.context = {"force_report_rendering": True}

    def test_code_that_fails_while_it_prints_stops_nothing(self):
        self._break_code()
        self._customer(attach=True)
        with self.assertLogs(LOGGER, "WARNING") as logs:
            picking = self._deliver()
        self.assertIn("no_such_field", logs.output[0])
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._certificates(picking).state, "issued")
        self.assertFalse(self._files(picking))
        self.assertIn("The file of COA/", picking.activity_ids.note)
        self.assertEqual(picking.activity_ids.user_id, self.clerk)

    def test_code_that_fails_where_it_is_required(self):
        self._break_code()
        self._customer(attach=True, required=True)
        picking = self._delivery(3, self.lot, partner_id=self.dairy.id)
        with (
            self.assertLogs(LOGGER, "WARNING"),
            self.assertRaises(UserError) as refused,
            self.env.cr.savepoint(),
        ):
            picking.with_user(self.clerk).with_context(**self.context).button_validate()
        self.assertIn(
            f"{picking.name} can't be delivered without its certificate of analysis,"
            " which City Dairy requires.\nThe file of COA/",
            str(refused.exception),
        )

    def test_what_runs_again_is_not_swallowed(self):
        """A lost lock is no bad print: Odoo does all of it once more."""
        for error in (SerializationFailure(), QWebError(None)):
            error.__cause__ = error.__cause__ or LockNotAvailable()
            self.assertTrue(is_transient(error))
        self.assertFalse(is_transient(UserError("No")))
        self.assertFalse(is_transient(IntegrityError()))

    def test_signed_after_delivery(self):
        self._rule(ISSUE, MANAGER)
        self._customer(attach=True)
        picking = self._deliver()
        certificate = self._certificates(picking)
        self.assertEqual((picking.state, certificate.state), ("done", "draft"))
        self.assertIn("waits for a signature", picking.activity_ids.note)
        self.assertFalse(self._files(picking))
        self._sign(certificate, self.manager, "issue")
        self.assertEqual(certificate.state, "issued")
        self.assertEqual(len(self._files(picking)), 1)

    def test_required_and_signed_before(self):
        self._rule(ISSUE, MANAGER)
        self._customer(attach=True, required=True)
        picking = self._delivery(3, self.lot, partner_id=self.dairy.id)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            picking.with_user(self.clerk).button_validate()
        self.env.invalidate_all()
        certificate = self._make(picking)
        self._sign(certificate, self.manager, "issue")
        picking.with_user(self.clerk).button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._certificates(picking), certificate)
        self.assertEqual(len(self._files(picking)), 1, "attached once")

    def test_goods_nobody_inspects(self):
        """Salt without a lot needs no certificate, even of a strict customer."""
        self._customer(attach=True, required=True)
        self._stock_up(5, product=self.untracked)
        picking = self._picking("outgoing", 2, self.untracked, partner_id=self.dairy.id)
        picking.action_confirm()
        picking.move_ids.picked = True
        picking.with_user(self.clerk).button_validate()
        self.assertEqual(picking.state, "done")
        self.assertFalse(self._certificates(picking) or picking.activity_ids)

    def test_receipts_need_none(self):
        self._customer(attach=True, required=True)
        receipt = self._receive(lots=["C-9"], partner_id=self.dairy.id)
        self.assertEqual(receipt.state, "done")
        self.assertFalse(self._certificates(receipt))

    def test_without_rules_no_query(self):
        self.env["qms.certificate.rule"]._get_attaching_ids()
        with self.assertQueryCount(0):
            self.env["stock.picking"]._qms_get_certificate_rules()
        self._customer()
        self.assertFalse(self.env["qms.certificate.rule"]._get_attaching_ids())
        rule = self._customer(partner_id=self.partner.id, attach=True)
        self.assertEqual(
            self.env["qms.certificate.rule"]._get_attaching_ids(), (rule.id,)
        )
        rule.attach = False
        self.assertFalse(self.env["qms.certificate.rule"]._get_attaching_ids())

    def test_part_of_the_lot_is_held(self):
        """What was delivered is free; the lot as a whole is not."""
        picking = self._deliver()
        self._stock_up(1, self.lot, self.shelf)
        self._hold(lot=self.lot, location=self.shelf, reason="Wet box")
        self.assertTrue(self._make(picking))
        with self.assertRaisesRegex(UserError, "Wet box"):
            self._make(self.lot)
