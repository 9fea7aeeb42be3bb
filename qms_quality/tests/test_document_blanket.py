from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from .common_document import RequiredCase


class TestDocumentBlanket(RequiredCase):
    """Blanket orders: agreed once, called off by orders that name them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._make_card("sales", cls.customer_company)

    def _make_blanket(self, quantity=100, **kwargs):
        order = self._make_sale(quantity, **kwargs)
        order.qms_is_blanket = True
        order.action_confirm()
        return order

    def test_blanket_ships_and_invoices_nothing(self):
        order = self._make_blanket()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.sudo().picking_ids)
        self.assertEqual(order.invoice_status, "no")
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_call_off_takes_copies_and_counts(self):
        """Adjustments included; what is called off is shown on the blanket order."""
        blanket = self._make_blanket()
        source = self._copies(blanket.order_line)
        self._adjust(source)
        order = self._make_sale(60, blanket=blanket)
        copy = self._copies(order.order_line)
        self.assertEqual(copy.blanket_line_id, source)
        self.assertEqual(self._countries(copy), [["FR"]])
        self.assertEqual(copy.qrs_id, self.card)
        self.assertFalse(copy.manually_updated, "nobody changed it on this order")
        self.assertEqual(blanket.order_line.qms_called_qty, 0, "not yet confirmed")
        order.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(blanket.order_line.qms_called_qty, 60)
        self.assertEqual(order.sudo().picking_ids.move_ids.product_uom_qty, 60)
        self.assertEqual(
            blanket.action_qms_open_call_offs()["domain"][0][2], blanket.id
        )

    def test_naming_later(self):
        """An order that names the blanket order afterwards takes its copies then."""
        blanket = self._make_blanket()
        self._adjust(self._copies(blanket.order_line))
        order = self._make_sale(1)
        self.assertEqual(self._countries(self._copies(order.order_line)), [["NZ"]])
        order.qms_blanket_id = blanket
        self.assertEqual(self._countries(self._copies(order.order_line)), [["FR"]])
        order.qms_blanket_id = False
        self.assertEqual(self._countries(self._copies(order.order_line)), [["NZ"]])

    def test_call_off_changed_by_hand(self):
        """What was changed on the order itself is kept, and told once."""
        blanket = self._make_blanket()
        order = self._make_sale(1)
        self._adjust(self._copies(order.order_line))
        order.qms_blanket_id = blanket
        copy = self._copies(order.order_line)
        self.assertEqual(self._countries(copy), [["FR"]])
        self.assertEqual(
            copy.notice,
            "Changed by hand, so kept when the order changed: Blanket Order",
        )
        copy.with_user(self.keeper).action_keep()
        order.commitment_date = "2030-01-01 12:00:00"
        self.assertFalse(self._copies(order.order_line).notice)

    def test_more_than_agreed_is_refused(self):
        """The quotation warns, confirming refuses, so does raising it afterwards."""
        blanket = self._make_blanket(100)
        first = self._make_sale(60, blanket=blanket)
        first.action_confirm()
        second = self._make_sale(41, blanket=blanket)
        text = (
            f"Milk: only 40 Units are left of blanket order {blanket.name}. Order less,"
            " or raise the quantity there."
        )
        self.assertEqual(second.qms_blanket_warning, text)
        with self.assertRaises(UserError) as refused:
            second.action_confirm()
        self.assertEqual(str(refused.exception), text)
        second.order_line.product_uom_qty = 40
        self.assertFalse(second.qms_blanket_warning)
        second.action_confirm()
        with self.assertRaises(UserError):
            first.order_line.product_uom_qty = 61
        # sudo: core asks for purchase lines with the rights of whoever cancels
        second.sudo()._action_cancel()
        first.order_line.product_uom_qty = 61

    def test_other_products_don_t_count(self):
        blanket = self._make_blanket(1)
        order = self._make_sale(99, product=self.cheese, blanket=blanket)
        order.action_confirm()
        self.assertEqual(self._copies(order.order_line).qrs_id, self.card)

    def test_units(self):
        """A dozen of 100 units leaves 88."""
        dozen = self.env.ref("uom.product_uom_dozen")
        blanket = self._make_blanket(100)
        order = self._make_sale(1, blanket=blanket)
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(blanket.order_line.qms_called_qty, 12)

    def test_senseless_blankets_are_refused(self):
        """Table of what can't be named, with what is said."""
        blanket = self._make_blanket()
        ordinary = self._make_sale()
        foreign = self._make_sale(partner=self.partner)
        foreign.qms_is_blanket = True
        foreign.action_confirm()
        for named, text in [
            (ordinary, "is not a blanket order."),
            (foreign, "is the blanket order of another customer or company than"),
        ]:
            with self.assertRaisesRegex(ValidationError, text):
                self._make_sale().qms_blanket_id = named
        with self.assertRaisesRegex(ValidationError, "is a blanket order itself"):
            self._make_sale().write(
                {"qms_is_blanket": True, "qms_blanket_id": blanket.id}
            )
        with self.assertRaisesRegex(UserError, "only a quotation that no order names"):
            blanket.qms_is_blanket = False

    def test_unconfirmed_blanket(self):
        blanket = self._make_sale(10)
        blanket.qms_is_blanket = True
        order = self._make_sale(1)
        order.qms_blanket_id = blanket
        with self.assertRaisesRegex(UserError, "is not confirmed"):
            order.action_confirm()

    def test_duplicate_names_no_blanket(self):
        blanket = self._make_blanket()
        order = self._make_sale(1, blanket=blanket).copy()
        self.assertFalse(order.qms_blanket_id)
        self.assertFalse(blanket.copy().qms_is_blanket)

    def test_form_offers_blankets_of_the_customer(self):
        blanket = self._make_blanket()
        foreign = self._make_sale(partner=self.partner)
        foreign.qms_is_blanket = True
        foreign.action_confirm()
        form = Form(self.env["sale.order"].with_user(self.seller))
        form.partner_id = self.contact
        domain = [
            ("qms_is_blanket", "=", True),
            ("state", "=", "sale"),
            ("partner_id", "child_of", form.qms_customer_id.id),
        ]
        self.assertEqual(self.env["sale.order"].search(domain), blanket)
