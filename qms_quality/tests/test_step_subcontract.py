from unittest import SkipTest

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_step import StepCase


@tagged("post_install", "-at_install")
class TestStepSubcontract(StepCase):
    """Subcontracted goods wait for their inspection where they are received."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "subcontractor_ids" not in cls.env["stock.location"]._fields:
            raise SkipTest("mrp_subcontracting is not installed")
        # Odoo makes the subcontractor's manufacturing order with the buyer's rights
        cls.purchaser.group_ids |= cls.env.ref("mrp.group_mrp_user")
        cls.flour = cls._make_product("Flour", tracking="none")
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.product.product_tmpl_id.id,
                "type": "subcontract",
                "subcontractor_ids": [(6, 0, cls.partner.ids)],
                "bom_line_ids": [
                    (0, 0, {"product_id": cls.flour.id, "product_qty": 1})
                ],
            }
        )
        place = cls.company.subcontracting_location_id
        cls._stock_up(100, location=place, product=cls.flour)

    def _enter_lots(self, picking, *quantities):
        """Enter new lots on the receipt, as the clerk."""
        move = picking.move_ids
        line, *_others = move.move_line_ids
        for number, quantity in enumerate(quantities):
            lot = picking.env["stock.lot"].create(
                {"name": f"S{number}", "product_id": self.product.id}
            )
            vals = {"lot_id": lot.id, "quantity": quantity}
            if number:
                line.copy(vals)
            else:
                line.write(vals)
        move.picked = True

    def test_receipt_waits(self):
        rule = self._rule("subcontract", "transfer")
        _purchase, picking = self._buy()
        order = self._orders_of(rule)
        self.assertEqual(order.picking_id, picking.sudo())
        self.assertEqual((order.quantity, order.partner_id), (10, self.partner))
        self._enter_lots(picking, 10)
        self._assert_waits(picking.name, order, picking.button_validate)
        self.assertEqual(picking.state, "assigned")
        self._inspect(order)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        lot = picking.move_line_ids.lot_id.sudo()
        self.assertEqual(lot.inspection_status_id, self.available)
        self.assertEqual(self._quantity(self.stock, lot), 10)

    def test_held_from_arrival(self):
        rule = self._rule("subcontract", "bill")
        _purchase, picking = self._buy()
        self._enter_lots(picking, 6, 4)
        picking.button_validate()
        orders = self._orders_of(rule)
        self.assertEqual(orders.mapped("quantity"), [6, 4])
        self.assertEqual(orders.mapped("lot_names"), ["S0", "S1"])
        for order in orders:
            [(status, lot, _place)] = self._held(order)
            self.assertEqual((status, lot), (self.under_inspection, order.lot_ids))
        with self.assertRaisesRegex(UserError, "Under inspection"):
            self._delivery(2, orders[0].lot_ids).with_user(self.clerk).button_validate()
        self._inspect(orders)
        statuses = orders.lot_ids.mapped("inspection_status_id")
        self.assertEqual(statuses, self.available)

    def test_failed_before_arrives_held(self):
        rule = self._rule("subcontract")
        _purchase, picking = self._buy()
        self._inspect(self._orders_of(rule), fail=True)
        self._enter_lots(picking, 10)
        picking.button_validate()
        lot = picking.move_line_ids.lot_id.sudo()
        self.assertEqual(lot.inspection_status_id, self.on_hold)

    def test_other_events_of_the_receipt(self):
        """What a subcontractor made is received: not bought, produced or moved."""
        events = ("receipt_ready", "receipt", "transfer_ready", "transfer_done")
        for number, event in enumerate((*events, "output")):
            group = self._make_weight_group(f"Other {number}")
            self._associate(group, event=event, product_ids=self.product.ids)
        self._rule("subcontract")
        _purchase, picking = self._buy()
        self._enter_lots(picking, 10)
        picking.button_validate()
        orders = self.env["qms.quality.order"].search(
            [("product_id", "=", self.product.id)]
        )
        self.assertEqual(set(orders.mapped("event")), {"subcontract", "receipt"})

    def test_cancelled_receipt(self):
        rule = self._rule("subcontract", "transfer")
        _purchase, picking = self._buy()
        picking.sudo().action_cancel()
        self.assertEqual(self._orders_of(rule).state, "cancelled")
