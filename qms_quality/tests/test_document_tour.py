from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_document import BUYER, RequiredCase


@tagged("post_install", "-at_install", "qms_native")
class TestDocumentTour(RequiredCase, HttpCase):
    """Clerks enter orders in the browser and read what the goods must meet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.name = "Green Farm tour"
        cls.customer_company.name = "Fresh Foods tour"
        cls.product.name = "Milk tour"
        cls._make_card("purchase", cls.partner)
        cls._make_card("sales", cls.customer_company)
        for user in (cls.buyer, cls.seller, cls.keeper):
            user.password = user.login

    def test_purchasing_clerk(self):
        self.start_tour(
            "/odoo/action-purchase.purchase_rfq/new",
            "qms_requirement_purchase",
            login=self.buyer.login,
        )
        order = self.env["purchase.order"].search(
            [("partner_id", "=", self.partner.id)], limit=1
        )
        self.assertEqual(order.state, "purchase")
        self.assertEqual(self._countries(self._copies(order.order_line)), [["NZ"]])

    def test_sales_clerk(self):
        self.start_tour(
            "/odoo/action-sale.action_quotations_with_onboarding/new",
            "qms_requirement_sale",
            login=self.seller.login,
        )
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.customer_company.id)], limit=1
        )
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._countries(self._copies(order.order_line)), [["NZ"]])

    def test_administrator_adjusts(self):
        """In the dialog of the order line, and nowhere else."""
        self.keeper.group_ids = [Command.link(self.env.ref(BUYER).id)]
        order = self._make_purchase()
        self.start_tour(
            f"/odoo/action-purchase.purchase_rfq/{order.id}",
            "qms_requirement_adjust",
            login=self.keeper.login,
        )
        copy = self._copies(order.order_line)
        self.assertTrue(copy.manually_updated)
        self.assertEqual(copy.criterion_ids.departure, "recorded")
