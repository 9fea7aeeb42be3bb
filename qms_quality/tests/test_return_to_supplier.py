from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_disposing import DisposingCase


@tagged("post_install", "-at_install")
class TestReturnToSupplier(DisposingCase):
    """Goods go back by the receipts that they came with, and are credited."""

    def _return(self, case, quantity, lot=None, **vals):
        """Have a return decided and carried out; return its row."""
        row = self._propose(case, "return", quantity, lot, **vals)
        self._carry_out(case)
        return row

    def _ship(self, picking, quantity=None, backorder=None):
        """Validate a transfer as a clerk, in part if there is a quantity."""
        picking = picking.with_user(self.clerk)
        if quantity is not None:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        if backorder is not None:
            picking = picking.with_context(
                skip_backorder=True,
                picking_ids_not_to_backorder=[] if backorder else picking.ids,
            )
        picking.button_validate()
        return picking

    # -- In full -----------------------------------------------------------------------

    def test_over_several_receipts(self):
        """8 of 11 go back: the later receipt's 5 and 3 of the earlier one's 6."""
        first = self._buy(6, price=2, lots=["L1"])
        lot = self._lot("L1")
        second = self._buy(5, price=3, lots=[lot])
        self._bill(first, price=2.5)
        case = self._open_case(lot)
        row = self._return(case, 8, lot)

        picking = row.move_ids.picking_id
        self.assertEqual(row.state, "in_progress")
        self.assertEqual(len(picking), 1)
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(picking.partner_id, self.partner)
        self.assertEqual(picking.picking_type_id, self.warehouse.out_type_id)
        self.assertIn(case.name, picking.origin)
        asked = {
            move.origin_returned_move_id.purchase_line_id: (
                move.product_uom_qty,
                move.quantity,
                move.move_line_ids.lot_id,
            )
            for move in picking.move_ids
        }
        self.assertEqual(asked, {second: (5, 5, lot), first: (3, 3, lot)})

        supplied = self._supplied()
        self._ship(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual((row.state, row.done_quantity), ("done", 8))
        self.assertEqual(self._quantity(self.stock, lot), 3)
        self.assertEqual(self._supplied(), supplied + 8)
        self.assertEqual((first.qty_received, second.qty_received), (3, 0))
        value = sum(picking.move_ids.mapped("value"))
        self.assertAlmostEqual(value, 8 * lot.product_id.standard_price, places=2)
        self.assertEqual(
            self._case_holds(case), [(self.on_hold, lot, self.stock.browse())]
        )
        self.assertEqual(case.state, "execution")

        refund = row.refund_ids
        self.assertEqual(refund.move_type, "in_refund")
        self.assertEqual(refund.state, "draft")
        self.assertEqual(refund.partner_id, self.partner)
        self.assertEqual(refund.invoice_origin, first.order_id.name)
        lines = refund.invoice_line_ids
        self.assertEqual(
            [(line.purchase_line_id, line.quantity, line.price_unit) for line in lines],
            [(first, 3, 2.5)],
        )
        self.assertEqual(first.qty_invoiced, 3)
        self.assertIn(picking.name, row.document_names)
        action = row.with_user(self.inspector).action_open_documents()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("stock.picking", picking.id)
        )
        self.assertIn(refund.display_name, row.document_names)

    def test_same_goods_twice(self):
        """The rest goes back later, by what is left of the receipts."""
        first = self._buy(6, lots=["L1"])
        lot = self._lot("L1")
        second = self._buy(5, lots=[lot])
        case = self._open_case(lot)
        self._ship(self._return(case, 7, lot).move_ids.picking_id)
        case.with_user(self.inspector).action_dispose()
        row = self._return(case, 4, lot)
        self.assertEqual(row.move_ids.origin_returned_move_id.purchase_line_id, first)
        self._ship(row.move_ids.picking_id)
        self.assertEqual((first.qty_received, second.qty_received), (0, 0))
        self.assertEqual(case.state, "follow_up")

    def test_the_case_s_own_receipt_first(self):
        """What failed on its receipt goes back by it, although others came later."""
        self._associate(self._make_weight_group(), product_ids=self.milk.ids)
        first = self._buy(6, lots=["L1"])
        order = self._orders(first.order_id.picking_ids)
        lot = self._lot("L1")
        self._buy(5, lots=[lot])
        self._fail(order)
        case = self.Case.search([("quality_order_id", "=", order.id)])
        self._bring_to_disposition(case)
        row = self._return(case, 6, lot)
        self.assertEqual(row.move_ids.origin_returned_move_id.purchase_line_id, first)

    def test_serials_in_one_transfer(self):
        """Two of three serial numbers go back together; the third stays held."""
        phone = self._make_product("Sensor", "serial", categ_id=self.average.id)
        line = self._buy(3, price=10, lots=["S1", "S2", "S3"], product=phone)
        self._bill(line)
        serials = self.env["stock.lot"].search([("product_id", "=", phone.id)])
        one, two, three = serials.sorted("name")
        case = self._open_case(serials)
        for serial in (one, two):
            self._propose(case, "return", 1, serial)
        self._carry_out(case)
        picking = case.disposition_ids.move_ids.picking_id
        self.assertEqual(len(picking), 1)
        self.assertEqual(picking.move_line_ids.lot_id, one | two)
        self._ship(picking)
        self.assertEqual(set(case.disposition_ids.mapped("state")), {"done"})
        self.assertEqual(case._get_held_quants().lot_id, three)
        self.assertEqual(line.qty_received, 1)
        refund = case.disposition_ids.refund_ids
        self.assertEqual(sum(refund.invoice_line_ids.mapped("quantity")), 2)
        self.assertEqual(refund.amount_total, 20)

    def test_packages_and_places(self):
        """Goods go back from each place, in its package or out of it."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        package = self.env["stock.package"].create({"name": "PACK-1"})
        quant = self.env["stock.quant"]._gather(self.milk, self.stock, lot_id=lot)
        quant.quantity = 3
        self._stock_up(4, lot, self.shelf)
        self._stock_up(3, lot, package=package)
        case = self._open_case(lot)
        packed = self._propose(case, "return", 2, lot, package_id=package.id)
        loose = self._propose(case, "return", 3, lot)
        shelved = self._propose(case, "return", 4, lot, self.shelf)
        self._carry_out(case)
        pickings = case.disposition_ids.move_ids.picking_id
        self.assertEqual(len(pickings), 2)
        self.assertEqual(packed.move_ids.picking_id, loose.move_ids.picking_id)
        self.assertEqual(shelved.move_ids.picking_id.location_id, self.shelf)
        for picking in pickings:
            self._ship(picking)
        self.assertEqual(set(case.disposition_ids.mapped("state")), {"done"})
        self.assertEqual(self._quantity(self.stock, lot), 0)
        self.assertEqual(self._quantity(self.shelf, lot), 0)
        self.assertEqual(package.quant_ids.quantity, 1)

    def test_a_child_lot_by_its_parent_s_receipt(self):
        """What was split off came with its parent."""
        line = self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        child = lot._qms_split(4, self.stock)
        case = self._open_case(child)
        row = self._return(case, 4, child)
        self._ship(row.move_ids.picking_id)
        self.assertEqual(self._quantity(self.stock, child), 0)
        self.assertEqual(self._quantity(self.stock, lot), 6)
        self.assertEqual(line.qty_received, 6)
        # and counts when the parent goes back
        other = self._open_case(lot)
        self._propose(other, "return", 6, lot)
        self._carry_out(other)
        self.assertEqual(other.disposition_ids.move_ids.product_qty, 6)

    def test_untracked_in_another_unit(self):
        """Two dozen were bought, 18 pieces go back."""
        dozen = self.env.ref("uom.product_uom_dozen")
        box = self._make_product("Box", "none", categ_id=self.average.id)
        line = self._buy(2, price=12, product=box, line={"product_uom_id": dozen.id})
        self._bill(line)
        case = self._open_case(product_id=box.id)
        self._hold(product=box, location=self.stock)._hand_over(case, "Test")
        row = self._return(case, 18)
        self._ship(row.move_ids.picking_id)
        self.assertEqual(self._quantity(self.stock, product=box), 6)
        self.assertEqual(line.qty_received, 0.5)
        refund = row.refund_ids.invoice_line_ids
        self.assertEqual((refund.quantity, refund.product_uom_id), (1.5, dozen))
        self.assertEqual(row.refund_ids.amount_total, 18)

    def test_received_in_steps(self):
        """What was put away after its receipt goes back from where it is now."""
        self.warehouse.reception_steps = "two_steps"
        line = self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        put_away = line.order_id.picking_ids.move_ids.move_dest_ids.picking_id
        self._ship(put_away)
        self.assertEqual(self._quantity(self.stock, lot), 10)
        case = self._open_case(lot)
        row = self._return(case, 10, lot)
        picking = row.move_ids.picking_id
        self.assertEqual(picking.location_id, self.stock)
        self.assertEqual(picking.move_line_ids.location_id, self.stock)
        self._ship(picking)
        self.assertEqual(self._quantity(self.stock, lot), 0)
        self.assertEqual(line.qty_received, 0)

    def test_consigned(self):
        """Goods that belong to the supplier go back, and nobody owes anything."""
        picking = self._picking("incoming", 5, self.milk, owner_id=self.partner.id)
        picking.action_confirm()
        picking.move_line_ids.write({"lot_name": "L1", "quantity": 5})
        self._ship(picking)
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 5, lot, owner_id=self.partner.id)
        self.assertEqual(row.move_ids.move_line_ids.owner_id, self.partner)
        self._ship(row.move_ids.picking_id)
        self.assertEqual(row.state, "done")
        self.assertFalse(row.refund_ids)
        self.assertEqual(self._quantity(self.stock, lot), 0)

    # -- In parts ----------------------------------------------------------------------

    def test_the_rest_later(self):
        """A backorder belongs to the same disposition, and passes with its permits."""
        line = self._buy(10, price=2, lots=["L1"])
        self._bill(line)
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 10, lot)
        picking = row.move_ids.picking_id
        self._ship(picking, 4, backorder=True)
        self.assertEqual((row.state, row.done_quantity), ("in_progress", 4))
        self.assertEqual(row.refund_ids.amount_total, 8)
        rest = picking.backorder_ids
        self.assertEqual(rest.move_ids.qms_disposition_id, row)
        self.assertEqual(rest.move_ids.move_line_ids.lot_id, lot)
        self._ship(rest)
        self.assertEqual((row.state, row.done_quantity), ("done", 10))
        self.assertEqual(sum(row.refund_ids.mapped("amount_total")), 20)
        self.assertEqual(case.state, "follow_up")

    def test_the_rest_not_at_all(self):
        """What isn't shipped stays held, and nobody ships it after all."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 10, lot)
        picking = row.move_ids.picking_id
        self._ship(picking, 4, backorder=False)
        self.assertEqual((row.state, row.done_quantity), ("done", 4))
        self.assertEqual(case.undisposed_quantity, 6)
        self.assertIn("6 Units were left", self._said(case))
        line = picking.move_ids._prepare_move_line_vals(quantity=6)
        with self.assertRaisesRegex(UserError, "held"):
            self.env["stock.move.line"].with_user(self.clerk).create(
                {**line, "lot_id": lot.id}
            )

    # -- Cancelled ---------------------------------------------------------------------

    def test_cancelled_transfer(self):
        """The goods are held as before, and it can be carried out again."""
        line = self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 10, lot)
        picking = row.move_ids.picking_id
        picking.with_user(self.clerk).action_cancel()
        self.assertEqual((row.state, row.done_quantity), ("approved", 0))
        self.assertFalse(row.executed_by_id)
        self.assertEqual(case.state, "execution")
        self.assertIn("can be carried out again", self._said(case))
        self.assertEqual(case.undisposed_quantity, 0)
        with self.assertRaisesRegex(UserError, "L1"), self.cr.savepoint():
            self._delivery(10, lot, product=self.milk).with_user(
                self.clerk
            ).button_validate()

        case.with_user(self.inspector).action_execute()
        self._ship(row.move_ids.picking_id - picking)
        self.assertEqual(row.state, "done")
        self.assertEqual(line.qty_received, 0)

    def test_cancelled_backorder(self):
        """What was shipped is done; what was cancelled is to be decided anew."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 10, lot)
        picking = row.move_ids.picking_id
        self._ship(picking, 4, backorder=True)
        picking.backorder_ids.with_user(self.clerk).action_cancel()
        self.assertEqual((row.state, row.done_quantity), ("done", 4))
        self.assertEqual(case.undisposed_quantity, 6)

    def test_unreserved_and_reserved_again(self):
        """Only the goods that were decided on are reserved, whatever else is there."""
        self._buy(10, lots=["L1"])
        self._buy(10, lots=["L2"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 10, lot)
        picking = row.move_ids.picking_id.with_user(self.clerk)
        picking.do_unreserve()
        self.assertFalse(picking.move_line_ids)
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id, lot)
        self.assertEqual(picking.state, "assigned")

    # -- Refused -----------------------------------------------------------------------

    def test_more_than_was_received(self):
        """What went back before is taken off, and said."""
        line = self._buy(6, lots=["L1"])
        lot = self._lot("L1")
        receipt = line.order_id.picking_ids
        wizard = self.env["stock.return.picking"].create({"picking_id": receipt.id})
        wizard.product_return_moves.quantity = 4
        self._ship(wizard._create_return())
        self._stock_up(8, lot)
        case = self._open_case(lot)
        row = self._propose(case, "return", 3, lot)
        with self.assertRaises(UserError) as caught:
            case.with_user(self.inspector).action_submit()
        self.assertEqual(
            str(caught.exception),
            f"This can't be done:\n- {row.display_name}: only 2 Units were received"
            f" from any supplier and have not gone back yet: {receipt.name}: 2.",
        )

    def test_from_another_supplier(self):
        """Goods don't go back to who never sent them."""
        self._buy(6, lots=["L1"])
        lot = self._lot("L1")
        stranger = self.env["res.partner"].create({"name": "Blue Farm"})
        case = self._open_case(lot)
        self._propose(case, "return", 3, lot, partner_id=stranger.id)
        with self.assertRaisesRegex(
            UserError, "no receipt of L1 from Blue Farm is known"
        ):
            case.with_user(self.inspector).action_submit()

    def test_two_rows_for_one_receipt(self):
        """What one row takes back is not there for another: nothing is half done."""
        self._buy(6, lots=["L1"])
        lot = self._lot("L1")
        self._stock_up(6, lot, self.shelf)
        case = self._open_case(lot)
        self._propose(case, "return", 5, lot)
        self._propose(case, "return", 5, lot, self.shelf)
        self._approve(case)
        problem = "only 1 Units were received"
        with self.assertRaisesRegex(UserError, problem), self.cr.savepoint():
            case.with_user(self.inspector).action_execute()
        self.assertEqual(set(case.disposition_ids.mapped("state")), {"approved"})
        self.assertFalse(case.disposition_ids.move_ids)

    def test_held_by_another_document(self):
        """Another document's hold still refuses, and is named."""
        self._buy(6, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        self._propose(case, "return", 3, lot)
        hold = self._hold(lot=lot, reason="Stolen")
        with self.assertRaisesRegex(UserError, f"Stolen.*{hold.name}"):
            case.with_user(self.inspector).action_submit()

    def test_held_by_another_document_later(self):
        """A hold that comes later takes the reservation, and refuses the posting."""
        self._buy(6, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        picking = self._return(case, 6, lot).move_ids.picking_id
        self._hold(lot=lot, reason="Stolen")
        self.assertFalse(picking.move_line_ids)
        picking.with_user(self.clerk).action_assign()
        self.assertFalse(picking.move_line_ids)

    def test_reserved_elsewhere(self):
        """Goods that something else has reserved are not taken from it."""
        self._buy(6, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        self._propose(case, "return", 6, lot)
        other = self._delivery(4, lot, product=self.milk)
        with self.assertRaisesRegex(
            UserError, f"only 2 Units are free: {other.name} reserved the rest"
        ):
            case.with_user(self.inspector).action_submit()

    @mute_logger("odoo.sql_db")
    def test_other_goods_in_its_name(self):
        """The permit is for these goods, this quantity and this supplier."""
        self._buy(12, lots=["L1", "L2"])
        lot, other = self._lot("L1"), self._lot("L2")
        case = self._open_case(lot | other)
        row = self._return(case, 4, lot)
        picking = row.move_ids.picking_id.with_user(self.clerk)
        line = picking.move_line_ids
        with self.assertRaisesRegex(UserError, "L2"), self.cr.savepoint():
            line.lot_id = other
        with self.assertRaisesRegex(UserError, "L1"), self.cr.savepoint():
            line.quantity = 5
            self._ship(picking)
        stranger = self.env["res.partner"].create({"name": "Blue Farm"})
        with self.assertRaisesRegex(UserError, "L1"), self.cr.savepoint():
            picking.partner_id = stranger
            self._ship(picking)
        with self.assertRaisesRegex(UserError, "L1"), self.cr.savepoint():
            picking.location_dest_id = self.customer
            self._ship(picking)
        self._ship(picking)
        self.assertEqual(row.state, "done")

    def test_forged_moves(self):
        """Nobody makes a move carry out a disposition, in values or in the context."""
        self._buy(12, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 4, lot)
        transfer = self._picking("outgoing", 4, self.milk, dest=self.supplier)
        move = transfer.move_ids.with_user(self.clerk)
        with self.assertRaises(AccessError):
            move.qms_disposition_id = row
        values = {
            "product_id": self.milk.id,
            "product_uom_qty": 4,
            "location_id": self.stock.id,
            "location_dest_id": self.supplier.id,
        }
        moves = self.env["stock.move"].with_user(self.clerk)
        with self.assertRaises(AccessError):
            moves.create({**values, "qms_disposition_id": row.id})
        made = moves.with_context(default_qms_disposition_id=row.id).create(values)
        self.assertFalse(made.qms_disposition_id)

    # -- The credit note ---------------------------------------------------------------

    def test_not_billed(self):
        """What was not billed needs no credit; a draft bill is to be corrected."""
        line = self._buy(10, lots=["L1"])
        bill = self._bill(line, post=False)
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 10, lot)
        self._ship(row.move_ids.picking_id)
        self.assertFalse(row.refund_ids)
        self.assertIn(bill.display_name, self._said(case))

    def test_billed_in_part(self):
        """Of 10, 6 were billed and 7 go back: 3 are owed, so 3 are credited."""
        line = self._buy(10, price=2, lots=["L1"])
        self._bill(line, quantity=6)
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 7, lot)
        self._ship(row.move_ids.picking_id)
        self.assertEqual(row.refund_ids.invoice_line_ids.quantity, 3)
        self.assertEqual(line.qty_to_invoice, 0)

    def test_billed_as_ordered(self):
        """Goods billed as ordered are credited as they go back."""
        self.milk.purchase_method = "purchase"
        line = self._buy(10, price=2, lots=["L1"])
        self._bill(line)
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 4, lot)
        self._ship(row.move_ids.picking_id)
        self.assertEqual(row.refund_ids.invoice_line_ids.quantity, 4)
        row.refund_ids.invoice_date = row.refund_ids.date
        row.refund_ids.action_post()
        self.assertEqual(line.qty_invoiced, 6)
