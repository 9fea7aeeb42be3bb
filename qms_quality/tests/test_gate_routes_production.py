from odoo.tests import tagged

from .common import STOCK_USER
from .route_case import RouteCase


@tagged("post_install", "-at_install")
class TestGateRoutesProduction(RouteCase):
    """Nobody consumes a held lot."""

    def setUp(self):
        super().setUp()
        self.worker = self._make_user("qms_worker", "mrp.group_mrp_user", STOCK_USER)

    def test_reservation_leaves_the_held_lot(self):
        self._hold(lot=self.lot)
        order = self._make_order(quantity=8)
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, self.free)
        self.assertEqual(order.move_raw_ids.quantity, 10)

    def test_order(self):
        self._hold(lot=self.lot)
        order = self._fill_order(self._make_order(), self.lot)
        with self.refused("(consumption)"):
            order.with_user(self.worker).button_mark_done()

    def test_order_reserved_before_the_hold(self):
        order = self._fill_order(self._make_order(), self.lot)
        self._hold(lot=self.lot)
        self.assertNotIn(self.lot, order.move_raw_ids.move_line_ids.lot_id)

    def test_held_lot_entered_on_an_open_order(self):
        order = self._make_order()
        raw = order.move_raw_ids
        line = raw.move_line_ids.with_user(self.worker)
        other = self.free if line.lot_id == self.lot else self.lot
        self._hold(lot=other)
        with self.refused("(consumption)"):
            line.lot_id = other
        with self.refused("(consumption)"):
            line.create(
                {
                    "move_id": raw.id,
                    "product_id": self.product.id,
                    "lot_id": other.id,
                    "quantity": 1,
                    "location_id": self.stock.id,
                    "location_dest_id": raw.location_dest_id.id,
                }
            )

    def test_line_added_to_done_order(self):
        order = self._fill_order(self._make_order(), self.free)
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self._hold(lot=self.lot)
        raw = order.move_raw_ids
        with self.refused("(consumption)"):
            self.env["stock.move.line"].with_user(self.worker).create(
                {
                    "move_id": raw.id,
                    "product_id": self.product.id,
                    "lot_id": self.lot.id,
                    "quantity": 1,
                    "location_id": self.stock.id,
                    "location_dest_id": raw.location_dest_id.id,
                }
            )
        with self.refused("(consumption)"):
            raw.move_line_ids.with_user(self.worker).lot_id = self.lot

    def test_component_added_to_done_order(self):
        order = self._fill_order(self._make_order(), self.free)
        order.button_mark_done()
        self._hold(lot=self.lot)
        raw = order.move_raw_ids
        with self.refused("(consumption)"):
            self.env["stock.move"].with_user(self.worker).create(
                {
                    "raw_material_production_id": order.id,
                    "product_id": self.product.id,
                    "product_uom_qty": 1,
                    "location_id": self.stock.id,
                    "location_dest_id": raw.location_dest_id.id,
                    "state": "done",
                    "move_line_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": self.product.id,
                                "lot_id": self.lot.id,
                                "quantity": 1,
                                "location_id": self.stock.id,
                                "location_dest_id": raw.location_dest_id.id,
                            },
                        )
                    ],
                }
            )

    def test_state_of_an_order_moves_nothing(self):
        self._hold(lot=self.lot)
        order = self._fill_order(self._make_order(), self.lot)
        order.with_user(self.worker).write({"state": "done"})
        self.assertEqual(self.assertOneQuant(self.lot).quantity, 10)

    def test_unbuild(self):
        order = self._fill_order(self._make_order(), self.free)
        order.button_mark_done()
        made = order.lot_producing_ids
        self._hold(lot=made)
        unbuild = (
            self.env["mrp.unbuild"]
            .with_user(self.worker)
            .create(
                {
                    "product_id": self.cake.id,
                    "mo_id": order.id,
                    "bom_id": order.bom_id.id,
                    "lot_id": made.id,
                    "product_qty": 1,
                    "location_id": self.stock.id,
                    "location_dest_id": self.stock.id,
                }
            )
        )
        with self.refused("(consumption)"):
            unbuild.action_unbuild()
        with self.refused("(consumption)"):
            unbuild.action_validate()

    def _make_kit(self, component):
        kit = self._make_product("Kit", tracking="none")
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    (0, 0, {"product_id": component.id, "product_qty": 1})
                ],
            }
        )
        return kit

    def test_kit(self):
        kit = self._make_kit(self.product)
        self._hold(lot=self.lot)
        delivery = self._picking("outgoing", 12, kit)
        delivery.action_confirm()
        self.assertEqual(delivery.move_ids.product_id, self.product)
        self.assertEqual(delivery.move_line_ids.lot_id, self.free)
        self.assertEqual(delivery.move_ids.quantity, 10)
        self._force_line(delivery.move_ids, self.lot)
        with self.refused("(delivery)"):
            delivery.with_user(self.clerk).button_validate()

    def test_kit_that_is_posted_unexploded(self):
        """A kit that was added to a transfer after that was confirmed."""
        receipt = self._picking("incoming", 1, self.untracked)
        receipt.action_confirm()
        receipt.move_line_ids.quantity = 1
        line = {
            "product_id": self._make_kit(self.untracked).id,
            "quantity": 2,
            "location_id": receipt.location_id.id,
            "location_dest_id": receipt.location_dest_id.id,
        }
        receipt.move_line_ids = [(0, 0, line)]
        receipt.move_ids.picked = True
        receipt.with_user(self.clerk).button_validate()
        self.assertEqual(set(receipt.move_ids.mapped("state")), {"done"})
        self.assertEqual(receipt.move_ids.product_id, self.untracked)
        self.assertEqual(sum(receipt.move_ids.mapped("quantity")), 3)

    def test_repair_part(self):
        Repair = self._need("repair.order")
        self._hold(lot=self.lot)
        repair = Repair.create(
            {
                "product_id": self._make_product("Pump", tracking="none").id,
                "picking_type_id": self.warehouse.repair_type_id.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "repair_line_type": "add",
                            "product_id": self.product.id,
                            "product_uom_qty": 2,
                        },
                    )
                ],
            }
        )
        repair.action_validate()
        part = repair.move_ids
        self.assertNotIn(self.lot, part.move_line_ids.lot_id)
        repair.action_repair_start()
        with self.refused("(consumption)"):
            part.move_line_ids.with_user(self.clerk).lot_id = self.lot
        self._force_line(part, self.lot, quantity=2)
        with self.refused("(consumption)"):
            repair.with_user(self.clerk).action_repair_end()

    def test_held_goods_are_repaired_where_they_lie(self):
        """Repairing is no way to bring them anywhere else."""
        Repair = self._need("repair.order").with_user(self.clerk)
        self._hold(lot=self.lot)
        repair = Repair.create(
            {
                "product_id": self.product.id,
                "lot_id": self.lot.id,
                "product_qty": 2,
                "picking_type_id": self.warehouse.repair_type_id.id,
            }
        )
        repair.action_validate()
        repair.action_repair_start()
        for place, words in (
            (self.shelf, "(internal move)"),
            (self.customer, "(delivery)"),
        ):
            repair.product_location_dest_id = place
            with self.subTest(words), self.refused(words):
                repair.action_repair_end()
        repair.product_location_dest_id = self.stock
        repair.action_repair_end()
        self.assertEqual(repair.state, "done")
        quant = self.assertOneQuant(self.lot)
        self.assertEqual(
            (quant.quantity, quant.inspection_status_id), (10, self.on_hold)
        )

    def test_subcontractor_component(self):
        if "subcontractor_ids" not in self.env["stock.location"]._fields:
            self.skipTest("mrp_subcontracting is not installed")
        place = self.company.subcontracting_location_id
        lot = self._make_lot("AT-SUBCONTRACTOR")
        self._stock_up(10, lot, place)
        made = self._make_product("Sub", tracking="none")
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": made.product_tmpl_id.id,
                "type": "subcontract",
                "subcontractor_ids": [(6, 0, self.partner.ids)],
                "bom_line_ids": [
                    (0, 0, {"product_id": self.product.id, "product_qty": 1})
                ],
            }
        )
        self._hold(lot=lot)
        self.env.user.group_ids |= self.env.ref("mrp.group_mrp_user")
        receipt = self._picking("incoming", 2, made)
        receipt.action_confirm()
        order = receipt.move_ids.move_orig_ids.production_id
        self.assertTrue(order)
        self._force_line(order.move_raw_ids, lot, quantity=2)
        receipt.move_ids.quantity = 2
        receipt.move_ids.picked = True
        with self.refused():
            receipt.button_validate()

    def test_component_sent_to_a_subcontractor(self):
        if "subcontractor_ids" not in self.env["stock.location"]._fields:
            self.skipTest("mrp_subcontracting is not installed")
        self._hold(self.under_inspection, lot=self.lot)
        transfer = self._forced(
            "internal", dest=self.company.subcontracting_location_id
        )
        with self.refused("(transfer)"):
            transfer.button_validate()
