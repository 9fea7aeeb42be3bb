from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_near_expiry import NearExpiryCase


@tagged("post_install", "-at_install")
class TestNearExpiry(NearExpiryCase):
    """Each decision, to stock, its value and its documents; in full and in part."""

    def _out(self, lot, place):
        quants = self.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id", "child_of", place.id)]
        )
        return sum(quants.mapped("quantity"))

    # -- Listing -----------------------------------------------------------------------

    def test_listed_once_and_held(self):
        """From the 10th day before on, held until it is decided, and listed once."""
        lot = self._make_dated_lot("NEAR", 10, quantity=100)
        far = self._make_dated_lot("FAR", 11, quantity=100)
        gone = self._make_dated_lot("GONE", 3)
        self._run()
        self._run()
        row = self.Row.search([("lot_id", "in", (lot + far + gone).ids)])
        self.assertEqual(row.lot_id, lot)
        self.assertEqual(
            (row.state, row.stock_quantity, row.days_left), ("waiting", 100, 10)
        )
        self.assertEqual(row.stock_value, 150)
        hold = self._holds(lot)
        self.assertEqual(hold.status_id, self.near)
        self.assertEqual(hold.document_name, row.display_name)
        picking = self._delivery(100, product=self.milk)
        self.assertEqual(picking.move_ids.move_line_ids.lot_id, far)
        with self.assertRaises(UserError):
            self._ship(self._delivery(5, lot, product=self.milk))

    # -- Use first ---------------------------------------------------------------------

    def test_use_first(self):
        lot = self._make_dated_lot("L", 5, quantity=100)
        row = self._decide(self._list(lot), "use_first")
        self.assertEqual((row.state, row.done_quantity, row.value), ("done", 100, 150))
        self.assertFalse(self._holds(lot))
        self.assertTrue(lot.qms_use_first)
        self._run()
        self.assertFalse(self._row(lot))

    def test_use_first_in_part(self):
        """40 become a lot of their own, which is free; 60 stay held and listed."""
        lot = self._make_dated_lot("L", 5, quantity=100)
        row = self._decide(self._list(lot), "use_first", quantity=40)
        child = row.lot_id
        self.assertEqual(child.parent_lot_id, lot)
        self.assertEqual(child.expiration_date, lot.expiration_date)
        self.assertEqual(self._quantity(self.stock, child), 40)
        self.assertEqual(self._quantity(self.stock, lot), 60)
        self.assertFalse(self._holds(child))
        self.assertEqual(len(self._holds(lot)), 1)
        self.assertEqual(self._row(lot).stock_quantity, 60)
        self.assertEqual(self._holds(lot).res_id, self._row(lot).id)

    # -- Special sale ------------------------------------------------------------------

    def test_special_sale(self):
        """A quotation at the special price delivers just these goods."""
        lot = self._make_dated_lot("L", 5, quantity=100)
        self._make_dated_lot("EARLIER", 3, quantity=10)
        row = self._decide(
            self._list(lot), "special_sale", partner_id=self.client, quantity=40
        )
        order = row.sale_line_ids.order_id
        self.assertEqual((order.state, order.partner_id), ("draft", self.client))
        line = order.order_line
        self.assertEqual((line.price_unit, line.product_uom_qty), (1.4, 40))
        self.assertEqual(row.state, "decided")
        order.action_confirm()
        move = order.picking_ids.move_ids
        self.assertEqual(move.move_line_ids.lot_id, lot)
        self._ship(order.picking_ids)
        self.assertEqual((row.state, row.done_quantity), ("done", 40))
        self.assertEqual(self._quantity(self.stock, lot), 60)
        self.assertEqual(self._row(lot).stock_quantity, 60)
        self.assertTrue(self._holds(lot))

    def test_special_sale_given_up(self):
        lot = self._make_dated_lot("L", 5, quantity=100)
        row = self._decide(self._list(lot), "special_sale", partner_id=self.client)
        row.sale_line_ids.order_id._action_cancel()
        self.assertEqual(row.state, "waiting")
        self.assertTrue(self._holds(lot))
        row = self._decide(row, "special_sale", partner_id=self.client, price=1)
        order = row.sale_line_ids.order_id
        with self.assertRaisesRegex(UserError, "Cancel them instead"):
            order.unlink()
        order.order_line.unlink()
        self.assertEqual(row.state, "waiting")

    # -- Donate ------------------------------------------------------------------------

    def test_donate(self):
        lot = self._make_dated_lot("L", 5, quantity=100)
        row = self._decide(
            self._list(lot), "donate", partner_id=self.client, quantity=30
        )
        picking = row.move_ids.picking_id
        self.assertEqual((picking.state, picking.partner_id), ("assigned", self.client))
        self._ship(picking)
        self.assertEqual((row.state, row.done_quantity), ("done", 30))
        self.assertEqual(self._quantity(self.stock, lot), 70)
        self.assertEqual(sum(picking.move_ids.mapped("value")), 45)

    def test_donate_less(self):
        """12 of 30 were shipped: 88 are on the list again. Nothing: all of it is."""
        lot = self._make_dated_lot("L", 5, quantity=100)
        row = self._decide(self._list(lot), "donate", partner_id=self.client)
        self._ship(row.move_ids.picking_id, 12)
        self.assertEqual((row.state, row.done_quantity), ("done", 12))
        rest = self._row(lot)
        self.assertEqual(rest.stock_quantity, 88)
        self._decide(rest, "donate", partner_id=self.client)
        rest.move_ids.picking_id.action_cancel()
        self.assertEqual((rest.state, rest.done_quantity), ("waiting", 0))
        self.assertEqual(len(self._holds(lot)), 1)

    # -- Destroy -----------------------------------------------------------------------

    def test_destroy(self):
        lot = self._make_dated_lot("L", 5, quantity=60)
        self._stock_up(40, lot, self.shelf)
        row = self._decide(self._list(lot), "destroy", quantity=70)
        scraps = row.move_ids.scrap_id
        self.assertEqual(sorted(scraps.mapped("scrap_qty")), [10, 60])
        self.assertEqual(scraps.scrap_reason_tag_ids.name, "Near expiry")
        self.assertEqual(sum(row.move_ids.mapped("value")), 105)
        self.assertEqual((row.state, row.done_quantity), ("done", 70))
        rest = self._decide(self._row(lot), "destroy")
        self.assertEqual(self._out(lot, self.warehouse.view_location_id), 0)
        self.assertEqual(rest.state, "done")
        self.assertFalse(self._holds(lot))

    # -- Return to vendor --------------------------------------------------------------

    def _receive(self, quantity, lot):
        picking = self._picking("incoming", quantity, product=self.milk)
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        line = picking.move_ids._prepare_move_line_vals(quantity=quantity)
        self.env["stock.move.line"].create({**line, "lot_id": lot.id})
        picking.move_ids.picked = True
        picking._action_done()
        return picking

    def test_return(self):
        """8 go back by the receipts they came with; more than came can't."""
        lot = self._make_dated_lot("L", 5)
        self._receive(6, lot)
        self._receive(5, lot)
        self._stock_up(4, lot, self.shelf)
        row = self._list(lot)
        with self.assertRaisesRegex(
            UserError, "only 11 Units were received from Green Farm and have not gone"
        ):
            self._decide(row, "return", partner_id=self.partner, quantity=12)
        self._decide(row, "return", partner_id=self.partner, quantity=8)
        pickings = row.move_ids.picking_id
        self.assertEqual(pickings.partner_id, self.partner)
        self.assertEqual(set(pickings.mapped("state")), {"assigned"})
        for picking in pickings:
            self._ship(picking)
        self.assertEqual((row.state, row.done_quantity), ("done", 8))
        self.assertEqual(self._out(lot, self.warehouse.view_location_id), 7)
        self.assertEqual(self._row(lot).stock_quantity, 7)

    def test_return_from_several_places(self):
        """What lies in two places and came by two receipts goes back from both."""
        lot = self._make_dated_lot("L", 5)
        self._receive(6, lot)
        self._receive(5, lot)
        moved = self._picking("internal", 7, product=self.milk, dest=self.shelf)
        moved.action_confirm()
        moved.action_assign()
        self._ship(moved)
        row = self._decide(self._list(lot), "return", quantity=10)
        moves = row.move_ids
        self.assertEqual(set(moves.mapped("state")), {"assigned"})
        there = {self.stock: 4.0, self.shelf: 7.0}
        for place, some in moves.grouped("location_id").items():
            self.assertLessEqual(sum(some.mapped("product_uom_qty")), there.pop(place))
        self.assertFalse(there, "both places give")
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 10)
        self.assertEqual(moves.move_line_ids.lot_id, lot)
        by_receipt = moves.grouped("origin_returned_move_id")
        self.assertEqual(
            [sum(some.mapped("product_uom_qty")) for some in by_receipt.values()],
            [5, 5],
        )
        for picking in moves.picking_id:
            self._ship(picking)
        self.assertEqual((row.state, row.done_quantity), ("done", 10))
        self.assertEqual(self._out(lot, self.warehouse.view_location_id), 1)
        self.assertEqual(self._row(lot).stock_quantity, 1)
