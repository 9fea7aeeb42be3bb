from odoo.tests import tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestGateReservation(QmsCase):
    """Reservation never picks held goods, for the transaction at hand."""

    def setUp(self):
        super().setUp()
        self.held = self._make_lot("HELD")
        self.free = self._make_lot("FREE")
        self._stock_up(10, self.held)
        self._stock_up(10, self.free)

    def test_delivery_takes_the_free_lot(self):
        self._hold(lot=self.held)
        delivery = self._picking("outgoing", 15)
        delivery.action_confirm()
        self.assertEqual(delivery.move_ids.move_line_ids.lot_id, self.free)
        self.assertEqual(delivery.move_ids.quantity, 10)

    def test_quantity_written_by_hand_takes_the_free_lot(self):
        self._hold(lot=self.held)
        delivery = self._picking("outgoing", 15)
        delivery.action_confirm()
        delivery.move_ids.quantity = 10
        self.assertEqual(delivery.move_ids.move_line_ids.lot_id, self.free)

    def test_hold_frees_the_reservation_and_takes_another_lot(self):
        delivery = self._picking("outgoing", 10)
        delivery.action_confirm()
        self.assertEqual(delivery.move_ids.move_line_ids.lot_id, self.held)
        self._hold(lot=self.held)
        self.assertEqual(delivery.move_ids.move_line_ids.lot_id, self.free)
        quant = self.env["stock.quant"]._gather(
            self.product, self.stock, lot_id=self.held, strict=True
        )
        self.assertEqual(quant.reserved_quantity, 0)
        self.assertEqual(len(quant), 1)

    def test_release_reserves_again(self):
        hold = self._hold(lot=self.held)
        delivery = self._picking("outgoing", 20)
        delivery.action_confirm()
        self.assertEqual(delivery.move_ids.quantity, 10)
        hold._release("ok")
        self.assertEqual(delivery.move_ids.quantity, 20)

    def test_narrow_holds(self):
        self._stock_up(10, self.free, self.shelf)
        self._hold(lot=self.free, location=self.shelf)
        self._hold(lot=self.held)
        delivery = self._picking("outgoing", 30)
        delivery.action_confirm()
        self.assertEqual(delivery.move_ids.quantity, 10)
        self.assertEqual(delivery.move_ids.move_line_ids.location_id, self.stock)

    def test_untracked_product_in_a_place(self):
        self._stock_up(10, product=self.untracked)
        self._stock_up(10, product=self.untracked, location=self.shelf)
        self._hold(product=self.untracked, location=self.shelf)
        delivery = self._picking("outgoing", 20, self.untracked)
        delivery.action_confirm()
        self.assertEqual(delivery.move_ids.quantity, 10)

    def test_pick_of_two_step_delivery_asks_for_the_delivery(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._hold(self.under_inspection, lot=self.held)
        self.env["stock.rule"].run(
            [
                self.env["stock.rule"].Procurement(
                    self.product,
                    15,
                    self.product.uom_id,
                    self.customer,
                    "Two steps",
                    "Two steps",
                    self.company,
                    {"warehouse_id": self.warehouse},
                )
            ]
        )
        pick = self.env["stock.move"].search([("product_id", "=", self.product.id)])
        self.assertEqual(pick.location_dest_id, self.warehouse.wh_output_stock_loc_id)
        self.assertEqual(pick.move_line_ids.lot_id, self.free)
        self.assertEqual(pick.quantity, 10)
