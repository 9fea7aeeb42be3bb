from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.qms_quality.tests.common_pos import PosCase

from .common import ShelfLifeCase


@tagged("post_install", "-at_install")
class TestExpiryPointOfSale(PosCase, ShelfLifeCase):
    """Expired lots are not sold over the counter."""

    def setUp(self):
        super().setUp()
        self.milk.available_in_pos = True
        self.old = self._make_dated_lot("OLD", -1, quantity=5, location=self.place)
        self.new = self._make_dated_lot("NEW", 9, quantity=5, location=self.place)
        self.config.with_user(self.cashier).open_ui()

    def test_expired_lots_are_not_offered(self):
        lots = (
            self.env["pos.order.line"]
            .with_user(self.cashier)
            .get_existing_lots(self.company.id, self.config.id, self.milk.id)
        )
        self.assertEqual([lot["name"] for lot in lots], ["NEW"])

    def test_refused_where_it_is_chosen(self):
        points = self.env["qms.point.of.sale"].with_user(self.cashier)
        ask = (self.config.id, self.milk.id)
        self.assertFalse(points.get_refusal(*ask, ["NEW"]))
        self.old.expiration_date = "2026-01-12 12:00:00"
        self.assertEqual(
            points.get_refusal(*ask, ["OLD", "NEW"]),
            "These goods can't be sold:\nOLD: Expired on 12 Jan 2026\n"
            "Take other goods.",
        )

    def test_order_is_refused(self):
        with self.assertRaisesRegex(UserError, "because of their date"):
            self._sell(self.milk, self.old)
        order = self._sell(self.milk, self.new)
        self.assertEqual(order.picking_ids.state, "done")

    def test_days_before(self):
        self.company.qms_expiry_days = 9
        with self.assertRaisesRegex(UserError, "because of their date"):
            self._sell(self.milk, self.new)
