from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestLotSplit(QmsCase):
    """Part of a lot becomes a lot of its own, with holds, dates and cost."""

    def setUp(self):
        super().setUp()
        self.lot = self._make_lot("L1")
        self.quant = self._stock_up(100, self.lot)
        self.quant.sudo().in_date = "2020-01-01 10:00:00"

    def _split(self, quantity, user=None, **vals):
        wizard = (
            self.env["qms.lot.split"]
            .with_user(user or self.inspector)
            .create(
                {
                    "lot_id": self.lot.id,
                    "quant_id": self.quant.id,
                    "quantity": quantity,
                    **vals,
                }
            )
        )
        action = wizard.action_split()
        return self.env["stock.lot"].browse(action["res_id"])

    def test_split(self):
        child = self._split(30)
        self.assertEqual(child.name, "L1-1")
        self.assertEqual(child.parent_lot_id, self.lot)
        self.assertEqual(self._quantity(self.stock, self.lot), 70)
        self.assertEqual(self._quantity(self.stock, child), 30)
        self.assertEqual(
            child.quant_ids.filtered(lambda q: q.quantity > 0).in_date,
            fields.Datetime.to_datetime("2020-01-01 10:00:00"),
        )
        self.assertEqual(self._split(1).name, "L1-2")
        self.assertEqual(self._split(1, name="OWN").name, "OWN")

    def test_held_lot_is_split_and_the_child_is_held(self):
        hold = self._hold(lot=self.lot)
        child = self._split(30)
        self.assertEqual(child.inspection_status_id, self.on_hold)
        self.assertEqual(child.qms_hold_ids.reason, hold.reason)
        self.assertEqual(child.qms_hold_ids.date_placed, hold.date_placed)
        self.assertEqual(self._quantity(self.stock, child), 30)
        hold._release("one part")
        self.assertEqual(self.lot.inspection_status_id, self.available)
        self.assertEqual(child.inspection_status_id, self.on_hold)

    def test_narrow_hold(self):
        self._hold(lot=self.lot, location=self.stock)
        child = self._split(30)
        self.assertEqual(child.inspection_status_id, self.available)
        self.assertEqual(child.qms_hold_ids.location_id, self.stock)
        delivery = self._picking("outgoing", 30)
        delivery.action_confirm()
        self.assertEqual(delivery.move_ids.quantity, 0)

    def test_in_a_package(self):
        package = self.env["stock.package"].create({"name": "P1"})
        self.quant = self._stock_up(10, self.lot, package=package)
        child = self._split(4)
        self.assertEqual(child.quant_ids.package_id, package)
        self.assertEqual(sum(package.quant_ids.mapped("quantity")), 10)

    def test_dates_and_cost(self):
        if "expiration_date" not in self.lot._fields:
            self.skipTest("product_expiry is not installed")
        self.product.write(
            {"use_expiration_date": True, "expiration_time": 30, "lot_valuated": True}
        )
        self.lot.expiration_date = "2030-06-01 00:00:00"
        self.lot.removal_date = "2030-05-01 00:00:00"
        self.lot.standard_price = 7
        child = self._split(30)
        for name in ("expiration_date", "removal_date", "use_date", "alert_date"):
            self.assertEqual(child[name], self.lot[name], name)
        self.assertEqual(child.standard_price, 7, "the child")
        self.assertEqual(self.lot.standard_price, 7)

    def test_value_of_the_stock_stays(self):
        category = self.env["product.category"].create(
            {"name": "Fifo", "property_cost_method": "fifo"}
        )
        product = self._make_product("Cream", categ_id=category.id)
        self.product = product
        receipt = self._picking("incoming", 10, product)
        receipt.action_confirm()
        receipt.move_ids.price_unit = 5
        receipt.move_ids.move_line_ids.lot_name = "C1"
        receipt.move_ids.quantity = 10
        receipt.move_ids.picked = True
        receipt._action_done()
        self.lot = receipt.move_ids.move_line_ids.lot_id
        self.quant = self.lot.quant_ids.filtered(lambda q: q.quantity > 0)
        value = product.total_value
        self._split(4)
        product.invalidate_recordset()
        self.assertAlmostEqual(product.total_value, value)

    def test_a_split_is_no_arrival(self):
        self.env["qms.status.rule"].create(
            {"product_id": self.product.id, "status_id": self.under_inspection.id}
        )
        child = self._split(30)
        self.assertEqual(child.inspection_status_id, self.available)

    def test_permit_is_spent(self):
        self._hold(lot=self.lot)
        self._split(30)
        permit = self.env["qms.hold.permit"].search(
            [("res_model", "=", "stock.lot"), ("res_id", "=", self.lot.id)]
        )
        self.assertEqual(permit.quantity, 30)
        self.assertEqual(permit.spent_quantity, 30)

    HALF = (
        "These moves took goods out of one lot and put them into another: Split L1"
        " into L1-1. Undoing or changing one of the two would leave the same goods in"
        " both lots, or in none. To undo a split, merge the lots; to undo a merge,"
        " split the lot."
    )

    def _get_halves(self, lots):
        lines = self.env["stock.move.line"].search(
            [("lot_id", "in", lots.ids), ("is_inventory", "=", True)]
        )
        self.assertEqual(len(lines), 2)
        return lines.with_user(self.clerk)

    def test_one_half_is_not_reverted(self):
        child = self._split(30)
        for half in self._get_halves(self.lot | child):
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                half.action_revert_inventory()
            self.assertEqual(str(caught.exception), self.HALF)
        self.assertEqual(self._quantity(self.stock, self.lot), 70)
        self.assertEqual(self._quantity(self.stock, child), 30)

    def test_one_half_is_not_changed(self):
        child = self._split(30)
        for half in self._get_halves(self.lot | child):
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                half.quantity = 0
            self.assertEqual(str(caught.exception), self.HALF)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                half.move_id.quantity = 0

    def test_one_half_of_a_merge_is_not_reverted(self):
        child = self._split(30)
        split = self._get_halves(self.lot | child)
        child._qms_merge(self.lot)
        halves = self.env["stock.move.line"].search(
            [("lot_id", "in", (self.lot | child).ids), ("id", "not in", split.ids)]
        )
        self.assertEqual(len(halves), 2)
        with self.assertRaisesRegex(UserError, "Merged L1-1 into L1"):
            halves.with_user(self.clerk).action_revert_inventory()
        self.assertEqual(self._quantity(self.stock, self.lot), 100)

    def test_a_count_is_still_reverted(self):
        self._split(30)
        quant = self.quant.with_user(self.clerk).with_context(inventory_mode=True)
        quant.inventory_quantity = 60
        quant.action_apply_inventory()
        count = self.env["stock.move.line"].search(
            [("lot_id", "=", self.lot.id), ("quantity", "=", 10)]
        )
        count.with_user(self.clerk).action_revert_inventory()
        self.assertEqual(self._quantity(self.stock, self.lot), 70)

    def test_more_than_there_is(self):
        with self.assertRaises(UserError) as caught:
            self._split(101)
        self.assertEqual(
            str(caught.exception),
            "101 Units can't be split from L1: there are 100 Units of it in this"
            " place.",
        )

    def test_serial_number(self):
        product = self._make_product("Pump", tracking="serial")
        lot = self._make_lot("S1", product)
        self._stock_up(1, lot)
        with self.assertRaises(UserError) as caught:
            lot._qms_split(1, self.stock)
        self.assertEqual(
            str(caught.exception),
            "S1 can't be split: only products tracked by lots can.",
        )

    def test_rights(self):
        with self.assertRaises(AccessError):
            self._split(1, self.clerk)
        wizard = (
            self.env["qms.lot.split"]
            .with_user(self.inspector)
            .create({"lot_id": self.lot.id, "quant_id": self.quant.id, "quantity": 1})
        )
        with self.assertRaises(AccessError) as caught:
            wizard.with_user(self.clerk).sudo().action_split()
        self.assertEqual(
            str(caught.exception),
            "Only quality inspectors may split lots: ask one of them.",
        )

    def test_forged_context_is_no_relabelling(self):
        """A context key alone never makes an arrival pass for a split."""
        self.env["qms.status.rule"].create(
            {"product_id": self.product.id, "status_id": self.under_inspection.id}
        )
        receipt = self._picking("incoming", 5)
        receipt.action_confirm()
        receipt.move_ids.move_line_ids.lot_name = "NEW"
        receipt.move_ids.picked = True
        receipt.with_user(self.clerk).with_context(
            qms_relabelling=True
        ).button_validate()
        lot = receipt.move_ids.move_line_ids.lot_id
        self.assertEqual(lot.inspection_status_id, self.under_inspection)
