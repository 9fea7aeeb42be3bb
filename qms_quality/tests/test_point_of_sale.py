from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_pos import PosCase


@tagged("post_install", "-at_install")
class TestPointOfSale(PosCase):
    """Held lots are not sold over the counter, and refusals are not lost."""

    def setUp(self):
        super().setUp()
        self.held = self._make_lot("HELD")
        self.free = self._make_lot("FREE")
        self._stock_up(10, self.held, self.place)
        self._stock_up(10, self.free, self.place)
        self.hold = self._hold(lot=self.held)
        self.config.with_user(self.cashier).open_ui()

    def _offered(self):
        lots = (
            self.env["pos.order.line"]
            .with_user(self.cashier)
            .get_existing_lots(self.company.id, self.config.id, self.product.id)
        )
        return {lot["name"]: lot["product_qty"] for lot in lots}

    def test_held_lots_are_not_offered(self):
        self.assertEqual(self._offered(), {"FREE": 10})
        self.hold._release("ok")
        self.assertEqual(self._offered(), {"HELD": 10, "FREE": 10})

    def test_parts_that_are_held_are_not_offered(self):
        self.hold._release("ok")
        shelf = self._make_location("Counter", self.place)
        self._stock_up(3, self.held, shelf)
        self._hold(lot=self.held, location=shelf)
        self.assertEqual(self._offered(), {"HELD": 10, "FREE": 10})

    def test_order_with_a_held_lot_is_refused(self):
        with self.assertRaisesRegex(UserError, "These goods are held"):
            self._sell(self.product, self.held)

    def test_order_with_a_free_lot(self):
        order = self._sell(self.product, self.free)
        self.assertEqual(order.picking_ids.state, "done")

    def test_swallowed_refusal_becomes_an_activity(self):
        self._stock_up(5, product=self.untracked, location=self.place)
        self.env["qms.hold"].with_user(self.manager)._place(
            [
                {
                    "product_id": self.untracked.id,
                    "location_id": self.place.id,
                    "status_id": self.on_hold.id,
                    "reason": "Test",
                }
            ]
        )
        order = self._sell(self.untracked)
        picking = order.picking_ids
        self.assertNotEqual(picking.state, "done")
        self.assertEqual(picking.activity_ids.user_id, self.manager)
        self.assertEqual(picking.activity_ids.summary, "Held goods were sold")
        self.assertIn("Salt", picking.activity_ids.note)

    def test_closing_the_session_reports(self):
        """The lot is held after the sale: the session closes all the same."""
        self.company.point_of_sale_update_stock_quantities = "closing"
        self.config.current_session_id.update_stock_at_closing = True
        order = self._sell(self.product, self.free)
        self._hold(lot=self.free)
        session = self.config.current_session_id
        session._create_picking_at_end_of_session()
        picking = session.picking_ids
        self.assertTrue(order)
        self.assertNotEqual(picking.state, "done")
        self.assertIn("FREE", picking.activity_ids.note)
