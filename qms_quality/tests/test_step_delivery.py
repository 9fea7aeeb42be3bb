from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_step import StepCase


@tagged("post_install", "-at_install")
class TestStepDelivery(StepCase):
    """Deliveries and returns wait for quality orders; what fails is held."""

    # -- Deliveries and returns --------------------------------------------------------

    def _sell(self):
        sale = (
            self.env["sale.order"]
            .with_user(self.seller)
            .create(
                {
                    "partner_id": self.partner.id,
                    "warehouse_id": self.warehouse.id,
                    "order_line": [
                        (0, 0, {"product_id": self.product.id, "product_uom_qty": 4})
                    ],
                }
            )
        )
        sale.action_confirm()
        picking = sale.sudo().picking_ids.with_user(self.clerk)
        picking.action_assign()
        return sale, picking

    def test_delivery_and_invoice_wait(self):
        rule = self._rule("delivery_ready", "transfer", "bill")
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        sale, picking = self._sell()
        order = self._orders_of(rule)
        self.assertEqual((order.lot_ids, order.partner_id), (lot, self.partner))
        self._assert_waits(picking.name, order, picking.button_validate)
        invoice = self._invoice(sale)
        self._assert_waits(invoice.display_name, order, invoice.action_post)
        self._inspect(order)
        picking.button_validate()
        invoice.action_post()
        self.assertEqual((picking.state, invoice.state), ("done", "posted"))

    def test_what_failed_before_delivery_is_held(self):
        rule = self._rule("delivery_ready", "transfer")
        first, second = self._make_lot("L1"), self._make_lot("L2")
        self._stock_up(10, first)
        _sale, picking = self._sell()
        order = self._orders_of(rule)
        self._inspect(order, fail=True)
        self.assertEqual(self._held(order), [(self.on_hold, first, self.stock)])
        self.assertFalse(picking.move_line_ids)
        self._stock_up(10, second)
        picking.action_assign()
        other = self._orders_of(rule) - order
        self.assertEqual(other.lot_ids, second)
        self._inspect(other)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_what_was_split_off_before_it_failed_is_held(self):
        rule = self._rule("delivery_ready", "transfer")
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        earlier = lot.with_user(self.inspector)._qms_split(1, self.stock)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_lot SET create_date = '2020-01-01' WHERE id = %s", earlier.ids
        )
        earlier.invalidate_recordset()
        self._sell()
        order = self._orders_of(rule)
        child = order.lot_ids.with_user(self.inspector)._qms_split(3, self.stock)
        grandchild = child.with_user(self.inspector)._qms_split(1, self.stock)
        self._fill(order, fail=True)
        nowhere = self.env["stock.location"]
        self.assertEqual(
            set(self._held(order)),
            {
                (self.on_hold, lot, self.stock),
                (self.on_hold, child, nowhere),
                (self.on_hold, grandchild, nowhere),
            },
        )
        # nobody asked about what was split off before
        self.assertEqual(earlier.inspection_status_id, self.available)

    def test_first_failure_before_delivery_holds_at_once(self):
        rule = self._rule("delivery_ready", "transfer")
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        self._sell()
        order = self._orders_of(rule)
        self._fill(order, fail=True)
        self.assertEqual(order.state, "open")
        self.assertEqual(self._held(order), [(self.on_hold, lot, self.stock)])
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertFalse(self._held(order))

    def test_unreserved_lot_that_fails_is_held(self):
        rule = self._rule("delivery_ready")
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        _sale, picking = self._sell()
        picking.do_unreserve()
        order = self._orders_of(rule)
        self._inspect(order, fail=True)
        nowhere = self.env["stock.location"]
        self.assertEqual(self._held(order), [(self.on_hold, lot, nowhere)])

    def test_lot_that_went_on_is_held_where_it_is(self):
        rule = self._rule("transfer_ready")
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        self._transfer(lot).button_validate()
        order = self._orders_of(rule)
        self._inspect(order, fail=True)
        self.assertEqual(self._held(order), [(self.on_hold, lot, self.shelf)])

    def test_untracked_goods_that_fail_before_delivery_are_held(self):
        salt, none = self.untracked, self.env["stock.lot"]
        rule = self._rule(
            "delivery_ready",
            "transfer",
            product_ids=salt.ids,
            partner_ids=self.partner.ids,
        )
        self._stock_up(10, product=salt, location=self.shelf)
        first = self._picking("outgoing", 4, salt).with_user(self.clerk)
        first.action_confirm()
        first.action_assign()
        order = self._orders_of(rule)
        self._inspect(order, fail=True)
        self.assertEqual(self._held(order), [(self.on_hold, none, self.shelf)])
        self.assertFalse(first.move_line_ids)
        other = self.env["res.partner"].create({"name": "Blue Farm"})
        second = self._picking("outgoing", 2, salt, partner_id=other.id)
        second = second.with_user(self.clerk)
        second.action_confirm()
        second.action_assign()
        self.assertFalse(second.move_line_ids)
        self.assertEqual(self._orders_of(rule), order)
        self.env["stock.move.line"].with_user(self.clerk).create(
            {
                **second.move_ids._prepare_move_line_vals(quantity=2),
                "location_id": self.shelf.id,
            }
        )
        with self.assertRaisesRegex(UserError, rf"Salt[\s\S]*{order.name}"):
            second.button_validate()
        order.with_user(self.manager).action_reopen()
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        second.button_validate()
        self.assertEqual(second.state, "done")

    def test_customer_return_waits_for_put_away(self):
        rule = self._rule("customer_return", "next")
        lot = self._receive(["L1"]).move_line_ids.lot_id
        back = self._picking("incoming", 2, source=self.customer, dest=self.stock)
        back.action_confirm()
        back.move_ids.move_line_ids.lot_id = lot
        back.with_user(self.clerk).button_validate()
        order = self._orders_of(rule)
        self.assertEqual(order.lot_ids, lot)
        self.assertEqual(self._held(order), [(self.under_inspection, lot, self.stock)])
