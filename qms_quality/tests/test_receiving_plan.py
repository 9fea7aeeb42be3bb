from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_step import StepCase


@tagged("post_install", "-at_install")
class TestReceivingPlan(StepCase):
    """A lot that is bought again, by purchase orders and the clerk who receives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.quality.plan"].search([]).active = False
        cls.rule = cls._rule("receipt")
        cls.plan = cls.env["qms.quality.plan"].create(
            {"code": "P", "name": "Plan", "product_id": cls.product.id}
        )

    def _buy_lot(self, name="L1", quantity=10, place=None):
        """Buy and receive a lot; return what was received."""
        _purchase, receipt = self._buy(quantity)
        if place:
            receipt.move_ids.move_line_ids.location_dest_id = place
        self._name_lot(receipt, name)
        receipt.move_ids.picked = True
        receipt.button_validate()
        self.assertEqual(receipt.state, "done")
        return receipt.sudo()

    def _lot(self, name="L1"):
        return self.env["stock.lot"].search(
            [("name", "=", name), ("product_id", "=", self.product.id)]
        )

    # -- Replace rules -----------------------------------------------------------------

    def test_last_order_that_passed_counts(self):
        self._buy_lot()
        order = self._orders_of(self.rule)
        self._inspect(order)
        self._buy_lot(quantity=5)
        self.assertEqual(self._orders_of(self.rule), order)
        lot = self._lot()
        self.assertEqual(lot.inspection_status_id, self.available)
        self.assertEqual(lot.product_qty, 15)
        self.assertIn("5 Units more of the lot arrived", order.message_ids[0].body)

    def test_another_company_does_not_count(self):
        self._buy_lot()
        order = self._orders_of(self.rule)
        self._inspect(order)
        sister = self.env["res.company"].create({"name": "Sister"})
        self.plan.copy({"code": "P", "company_id": sister.id})
        rule = self.rule.copy({"company_id": sister.id})
        purchase = (
            self.env["purchase.order"]
            .with_company(sister)
            .create(
                {
                    "partner_id": self.partner.id,
                    "company_id": sister.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.product.id, "product_qty": 5}
                        )
                    ],
                }
            )
        )
        purchase.button_confirm()
        receipt = purchase.picking_ids
        receipt.move_ids.move_line_ids.lot_id = self._lot()
        receipt.move_ids.picked = True
        receipt.button_validate()
        self.assertEqual(receipt.state, "done")
        theirs = self._orders_of(rule)
        self.assertEqual(theirs.company_id, sister)
        self.assertTrue(theirs.open_hold_count)

    def test_last_order_that_is_open_counts(self):
        self._buy_lot()
        order = self._orders_of(self.rule)
        self._buy_lot(quantity=5, place=self.shelf)
        self.assertEqual(self._orders_of(self.rule), order)
        self.assertEqual(order.quantity, 15)
        self.assertEqual(self._lot().inspection_status_id, self.under_inspection)
        self._inspect(order)
        self.assertEqual(self._lot().inspection_status_id, self.available)

    def test_last_order_that_failed_counts(self):
        self._buy_lot()
        order = self._orders_of(self.rule)
        self._inspect(order, fail=True)
        self._buy_lot(quantity=5, place=self.shelf)
        self.assertEqual(self._orders_of(self.rule), order)
        quants = self._lot().quant_ids.filtered(
            lambda quant: quant.location_id == self.shelf
        )
        self.assertEqual(quants.inspection_status_id, self.on_hold)

    def test_without_a_plan_each_receipt_is_inspected(self):
        self.plan.active = False
        self._buy_lot()
        self._inspect(self._orders_of(self.rule))
        self._buy_lot(quantity=5)
        self.assertEqual(len(self._orders_of(self.rule)), 2)

    def test_without_lots_each_receipt_is_inspected(self):
        rule = self._associate(
            self.small, event="receipt", product_ids=self.untracked.ids
        )
        self.plan.product_id = False
        for _number in range(2):
            _purchase, receipt = self._buy(product=self.untracked)
            receipt.move_ids.picked = True
            receipt.button_validate()
        self.assertEqual(len(self._orders_of(rule)), 2)

    def test_another_location_until_statuses_agree(self):
        self.plan.replace_purchase = "location"
        self._buy_lot()
        first = self._orders_of(self.rule)
        self._inspect(first)
        with self.assertRaises(UserError) as error, self.env.cr.savepoint():
            self._buy_lot(quantity=5)
        self.assertEqual(
            str(error.exception),
            f"{self._lot().display_name} is available in {self.stock.display_name}, and"
            " the goods that come are Under inspection. By the quality plan they need"
            " another location, until the statuses agree.",
        )
        self._buy_lot(quantity=5, place=self.shelf)
        second = self._orders_of(self.rule) - first
        self.assertEqual(
            self._held(second), [(self.under_inspection, self._lot(), self.shelf)]
        )
        # each by itself: what passed before stays free
        in_stock = self._lot().quant_ids.filtered(
            lambda quant: quant.location_id == self.stock
        )
        self.assertEqual(in_stock.inspection_status_id, self.available)
        move = self._transfer(self._lot(), self.stock, self.shelf, 2)
        with self.assertRaisesRegex(UserError, "until the statuses agree"):
            with self.env.cr.savepoint():
                move.button_validate()
        self._inspect(second)
        move.button_validate()
        self.assertEqual(move.state, "done")

    # -- Frequency ---------------------------------------------------------------------

    def _frequent(self, **vals):
        self.plan.write(vals)
        self.rule.write(
            {"frequency_quantity": 4, "frequency_uom_id": self.product.uom_id.id}
        )

    def test_further_readings(self):
        self._frequent(frequency_purchase="sequence")
        self._buy_lot()
        order = self._orders_of(self.rule)
        self.assertEqual((order.sequence_count, len(order.result_ids)), (3, 3))
        # 12 of the lot are within the three; the 13th needs the fourth
        self._buy_lot(quantity=2)
        self.assertEqual(len(order.result_ids), 3)
        self._buy_lot(quantity=1)
        self.assertEqual((order.quantity, len(order.result_ids)), (13, 4))
        self.assertEqual(order.result_ids.mapped("number"), [1, 2, 3, 4])
        self._inspect(order)
        self.assertEqual(order.verdict, "passed")

    def test_an_order_each(self):
        self._frequent(frequency_purchase="separate")
        self._buy_lot(quantity=8)
        orders = self._orders_of(self.rule)
        self.assertEqual(orders.mapped("quantity"), [4, 4])
        self.assertEqual(len(orders.result_ids), 2)
        self._inspect(orders[0])
        self.assertEqual(self._lot().inspection_status_id, self.under_inspection)
        self._inspect(orders[1], fail=True)
        # the strictest counts
        self.assertEqual(self._lot().inspection_status_id, self.on_hold)

    def test_as_the_operation_type_says(self):
        self._frequent()
        self._buy_lot(quantity=8)
        self.assertEqual(len(self._orders_of(self.rule)), 1)
        self.warehouse.in_type_id.qms_frequency = "separate"
        self._buy_lot("L2", quantity=8)
        self.assertEqual(len(self._orders_of(self.rule)), 3)

    def test_the_rule_of_the_operation_type_gives_way(self):
        """What the plan says itself counts, whatever the operation type says."""
        for kind, said, orders in (
            ("separate", "sequence", 1),
            ("sequence", "separate", 2),
        ):
            self.warehouse.in_type_id.qms_frequency = kind
            self._frequent(frequency_purchase=said)
            before = self._orders_of(self.rule)
            self._buy_lot(f"L-{said}", quantity=8)
            made = self._orders_of(self.rule) - before
            self.assertEqual(len(made), orders, said)
            self.assertEqual(len(made.result_ids), 2, said)

    # -- Put away ----------------------------------------------------------------------

    def _receive_in_steps(self, steps):
        self.warehouse.reception_steps = steps
        receipt = self._buy_lot()
        return self._orders_of(self.rule), receipt.move_ids.move_dest_ids

    def test_completes_the_steps(self):
        self.plan.lot_auto = True
        order, move = self._receive_in_steps("two_steps")
        self.assertEqual(self._quantity(self.stock, self._lot()), 0)
        self._inspect(order)
        self.assertEqual(move.state, "done")
        self.assertEqual(self._quantity(self.stock, self._lot()), 10)

    def test_three_steps(self):
        self.plan.lot_auto = True
        order, _move = self._receive_in_steps("three_steps")
        self._inspect(order)
        self.assertEqual(self._quantity(self.stock, self._lot()), 10)

    def _receive_with(self, *others):
        """Receive the lot together with other goods, in two steps; return its order and
        the transfer into stock."""
        self.warehouse.reception_steps = "two_steps"
        purchase, receipt = self._buy()
        for product in others:
            purchase.write(
                {
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_qty": 5,
                                "price_unit": 1,
                            }
                        )
                    ]
                }
            )
        move = receipt.move_ids.filtered(lambda one: one.product_id == self.product)
        move.move_line_ids.lot_name = "L1"
        receipt.move_ids.picked = True
        receipt.button_validate()
        transfer = receipt.sudo().move_ids.move_dest_ids.picking_id
        self.assertEqual(len(transfer), 1)
        return self._orders_of(self.rule), transfer

    def test_what_a_worker_picked_stays_picked(self):
        self.plan.lot_auto = True
        order, transfer = self._receive_with(self.untracked)
        salt = transfer.move_ids.filtered(lambda one: one.product_id == self.untracked)
        mine = salt.with_user(self.clerk)
        mine.move_line_ids.picked = True
        line = mine.move_line_ids
        self._inspect(order)
        self.assertEqual(self._quantity(self.stock, self._lot()), 10)
        # his transfer is still his, with what he picked and nothing else
        self.assertEqual((line.picking_id, line.picked), (mine.picking_id, True))
        self.assertEqual(transfer.move_ids, salt)
        self.assertEqual((transfer.state, salt.state), ("assigned", "assigned"))
        self.assertIn(
            "L1 passed the inspection and went on", transfer.message_ids[0].body
        )
        transfer.with_user(self.clerk).button_validate()
        self.assertEqual((transfer.state, salt.state), ("done", "done"))
        self.assertFalse(
            transfer.backorder_ids.filtered(lambda one: one.state != "done")
        )

    def test_what_a_worker_picked_of_the_same_product_stays_picked(self):
        self.plan.lot_auto = True
        self.warehouse.reception_steps = "two_steps"
        _purchase, receipt = self._buy(20)
        line = receipt.move_ids.move_line_ids
        line.write({"quantity": 10, "lot_name": "L1"})
        values = receipt.move_ids._prepare_move_line_vals()
        line.create({**values, "quantity": 10, "lot_name": "L2"})
        receipt.move_ids.picked = True
        receipt.button_validate()
        move = receipt.sudo().move_ids.move_dest_ids
        first, second = self._orders_of(self.rule).sorted("lot_names")
        other = second.lot_ids
        hold = self._hold(self.on_hold, lot=other)
        self._inspect(second)
        hold._release("Fine")
        transfer = move.picking_id
        transfer.with_user(self.clerk).action_assign()
        picked = transfer.move_line_ids.filtered(lambda one: one.lot_id == other)
        picked.with_user(self.clerk).picked = True
        self._inspect(first)
        self.assertEqual(self._quantity(self.stock, first.lot_ids), 10)
        self.assertEqual(self._quantity(self.stock, other), 0)
        self.assertEqual((picked.picked, picked.picking_id), (True, transfer))
        self.assertEqual(
            (transfer.move_ids.product_qty, transfer.state), (10, "assigned")
        )
        transfer.with_user(self.clerk).button_validate()
        self.assertEqual(self._quantity(self.stock, other), 10)

    def test_people_move_the_goods(self):
        order, move = self._receive_in_steps("two_steps")
        self._inspect(order)
        self.assertEqual(move.state, "assigned")

    def test_what_else_is_held_stays(self):
        self.plan.lot_auto = True
        order, move = self._receive_in_steps("two_steps")
        self._hold(self.on_hold, lot=self._lot())
        self._inspect(order)
        self.assertEqual(order.verdict, "passed")
        self.assertNotEqual(move.state, "done")

    def test_failed_goods_leave_the_zone(self):
        self.plan.lot_auto = True
        zone = self._make_location("Zone", qms_zone="quarantine")
        zone.location_id = self.warehouse.view_location_id
        self._buy_lot(place=zone)
        self._inspect(self._orders_of(self.rule), fail=True)
        self.assertEqual(
            self._quantity(self.warehouse.qms_reject_location_id, self._lot()), 10
        )

    def test_each_location_is_put_away_by_itself(self):
        """What passed in one location moves, the same lot in another stays."""
        self.plan.write({"lot_auto": True, "order_level": "location"})
        zones = [
            self._make_location(f"Zone {name}", qms_zone="quarantine") for name in "AB"
        ]
        for zone in zones:
            zone.location_id = self.warehouse.view_location_id
        _purchase, receipt = self._buy(10)
        line = receipt.move_ids.move_line_ids
        line.write({"quantity": 6, "lot_name": "L1", "location_dest_id": zones[0].id})
        values = receipt.move_ids._prepare_move_line_vals()
        line.create(
            {
                **values,
                "quantity": 4,
                "lot_name": "L1",
                "location_dest_id": zones[1].id,
            }
        )
        receipt.move_ids.picked = True
        receipt.button_validate()
        orders, lot = self._orders_of(self.rule), self._lot()
        here = orders.filtered(lambda order: order.location_id == zones[0])
        self.assertEqual((len(orders), here.quantity), (2, 6))
        self._inspect(here)
        self.assertEqual(self._quantity(self.stock, lot), 6)
        self.assertEqual(self._quantity(zones[1], lot), 4)
        self.assertEqual(
            self._held(orders - here), [(self.under_inspection, lot, zones[1])]
        )
        self._inspect(orders - here, fail=True)
        self.assertEqual(self._quantity(self.stock, lot), 6)
        reject = self.warehouse.qms_reject_location_id
        self.assertEqual(self._quantity(reject, lot), 4)
        quant = lot.quant_ids.filtered(lambda one: one.location_id == self.stock)
        self.assertEqual(quant.inspection_status_id, self.available)

    def test_part_accepted_is_put_away(self):
        self.plan.lot_auto = True
        order, _move = self._receive_in_steps("two_steps")
        self._inspect(order, fail=True)
        lot = self._lot()
        quant = lot.quant_ids.filtered(lambda quant: quant.quantity > 0)
        order.with_user(self.manager).action_accept_part(quant.id, 4, "Upper layer")
        child = lot.child_lot_ids
        self.assertEqual(self._quantity(self.stock, child), 4)
        self.assertEqual(self._quantity(self.warehouse.wh_input_stock_loc_id, lot), 6)
        self.assertEqual(
            (lot.inspection_status_id, child.inspection_status_id),
            (self.on_hold, self.available),
        )
