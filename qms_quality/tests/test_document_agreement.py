from unittest import SkipTest

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_document import RequiredCase


@tagged("post_install", "-at_install")
class TestDocumentAgreement(RequiredCase):
    """Purchase agreements, where that module is installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "purchase.requisition" not in cls.env:
            raise SkipTest("Purchase Agreements are not installed")
        cls.card = cls._make_card("purchase", cls.partner)

    def _make_agreement(self, **vals):
        return (
            self.env["purchase.requisition"]
            .with_user(self.buyer)
            .create(
                {
                    "vendor_id": self.partner.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_qty": 100,
                                "price_unit": 2,
                            }
                        )
                    ],
                    **vals,
                }
            )
        )

    def _find(self, lines):
        self.env.invalidate_all()
        copies = self.env["qms.qrs.document.line"].sudo()
        return copies.search(
            [("res_model", "=", lines._name), ("res_id", "in", lines.ids)]
        )

    def test_agreement_has_requirements(self):
        agreement = self._make_agreement()
        copy = self._find(agreement.line_ids)
        self.assertEqual(copy.qrs_id, self.card)
        self.assertEqual(copy.document_name, agreement.name)
        action = agreement.action_qms_open_requirements()
        self.assertEqual(action["domain"], [("id", "in", copy.ids)])
        view = self.env["purchase.requisition"].with_user(self.buyer).get_view()
        self.assertIn("action_qms_open_requirements", view["arch"])

    def test_order_takes_those_of_its_agreement(self):
        """Adjustments included, by the button and by choosing it on the order."""
        agreement = self._make_agreement()
        source = self._find(agreement.line_ids)
        self._adjust(source)
        agreement.action_confirm()
        form = Form(self.env["purchase.order"].with_user(self.buyer))
        form.partner_id = self.partner
        form.requisition_id = agreement
        order = form.save()
        copy = self._copies(order.order_line)
        self.assertEqual(copy.blanket_line_id, source)
        self.assertEqual(self._countries(copy), [["FR"]])

    def test_changed_vendor_and_deleted_lines(self):
        agreement = self._make_agreement()
        agreement.vendor_id = self.customer_company
        self.assertFalse(self._find(agreement.line_ids))
        agreement.vendor_id = self.partner
        copy = self._find(agreement.line_ids)
        self.assertTrue(copy)
        agreement.unlink()
        self.assertFalse(copy.exists())
