from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestGateIdentity(QmsCase):
    """Held goods can't slip out under another name, or none."""

    def setUp(self):
        super().setUp()
        self.lot = self._make_lot("L1")
        self._stock_up(10, self.lot)

    def _deliver_without_lot(self, quantity):
        kind = self.warehouse.out_type_id
        kind.write({"use_existing_lots": False, "use_create_lots": False})
        delivery = self._picking("outgoing", quantity)
        delivery.action_confirm()
        delivery.move_ids._do_unreserve()
        vals = delivery.move_ids._prepare_move_line_vals(quantity=quantity)
        self.env["stock.move.line"].create(vals)
        delivery.move_ids.picked = True
        return delivery

    def test_goods_without_lot_may_be_of_the_held_lot(self):
        self._hold(lot=self.lot)
        delivery = self._deliver_without_lot(4)
        with self.assertRaises(UserError) as refusal:
            delivery.button_validate()
        self.assertIn("Milk · L1", str(refusal.exception))

    def test_goods_without_lot_that_lie_there_may_go(self):
        self._hold(lot=self.lot)
        self._stock_up(4, product=self.product)
        delivery = self._deliver_without_lot(4)
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")

    def test_held_stock_without_lot_does_not_leave_under_a_free_lots_name(self):
        self._stock_up(8, product=self.product, location=self.shelf)
        self._hold(product=self.product, location=self.shelf)
        other = self._make_lot("L2")
        delivery = self._delivery(3, other)
        delivery.move_line_ids.with_context(
            qms_picked_by_system=True
        ).location_id = self.shelf
        with self.assertRaises(UserError):
            delivery.button_validate()

    def test_place_is_not_moved_out_of_a_held_place(self):
        room = self._make_location("Cold room")
        rack = self._make_location("Rack", parent=room)
        self._stock_up(3, self.lot, rack)
        hold = self._hold(lot=self.lot, location=room)
        with self.assertRaises(UserError) as refusal:
            rack.location_id = self.stock
        self.assertEqual(
            str(refusal.exception),
            f"Goods in {rack.display_name} are held with the place around it, by"
            f" {hold.name}. Release the holds, or move the goods by a transfer.",
        )
        hold._release("ok")
        rack.location_id = self.stock
        self.assertEqual(rack.location_id, self.stock)

    def test_tracking_of_held_goods_stays(self):
        hold = self._hold(lot=self.lot)
        with self.assertRaises(UserError) as refusal:
            self.product.tracking = "none"
        self.assertEqual(
            str(refusal.exception),
            f"Goods of Milk are held ({hold.name}), so the type and tracking can't be"
            " changed. Release the holds first.",
        )

    def test_move_created_done_is_judged_once(self):
        self.env["qms.status.rule"].create(
            {"product_id": self.product.id, "status_id": self.under_inspection.id}
        )
        new = self._make_lot("L9")
        self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom": self.product.uom_id.id,
                "product_uom_qty": 5,
                "location_id": self.supplier.id,
                "location_dest_id": self.stock.id,
                "state": "done",
                "move_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.product.id,
                            "lot_id": new.id,
                            "quantity": 5,
                            "location_id": self.supplier.id,
                            "location_dest_id": self.stock.id,
                        },
                    )
                ],
            }
        )
        holds = new.qms_hold_ids.filtered(lambda hold: hold.state == "open")
        self.assertEqual(len(holds), 1)
        self.assertFalse(holds.provisional)

    def test_move_created_done_with_held_lot_is_refused(self):
        self._hold(lot=self.lot)
        with self.assertRaises(UserError):
            self.env["stock.move"].create(
                {
                    "product_id": self.product.id,
                    "product_uom": self.product.uom_id.id,
                    "product_uom_qty": 5,
                    "location_id": self.stock.id,
                    "location_dest_id": self.customer.id,
                    "state": "done",
                    "move_line_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": self.product.id,
                                "lot_id": self.lot.id,
                                "quantity": 5,
                                "location_id": self.stock.id,
                                "location_dest_id": self.customer.id,
                            },
                        )
                    ],
                }
            )
