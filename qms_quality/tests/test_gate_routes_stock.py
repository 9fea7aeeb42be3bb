from odoo.tests import tagged

from .route_case import RouteCase


@tagged("post_install", "-at_install")
class TestGateRoutesStock(RouteCase):
    """Counts, scrap, relocation and packages are no way round a hold."""

    def _quant(self, lot=None):
        return self.assertOneQuant(lot or self.lot).with_user(self.clerk)

    def _count(self, quant, quantity):
        quant = quant.with_context(inventory_mode=True)
        quant.inventory_quantity = quantity
        quant.action_apply_inventory()

    # -- Counts ------------------------------------------------------------------------

    def test_count_to_zero(self):
        self._hold(lot=self.lot)
        for quantity in (0, 4):
            with self.subTest(quantity), self.refused("(inventory adjustment)"):
                self._count(self._quant(), quantity)
        with self.refused("(inventory adjustment)"):
            quant = self._quant().with_context(inventory_mode=True)
            quant.action_set_inventory_quantity_zero()
            quant.action_apply_inventory()

    def test_count_upwards(self):
        self._hold(lot=self.lot)
        self._count(self._quant(), 12)
        quant = self._quant()
        self.assertEqual(quant.quantity, 12)
        self.assertEqual(quant.inspection_status_id, self.on_hold)

    def test_count_upwards_reverted(self):
        self._count(self._quant(), 12)
        line = self.env["stock.move.line"].search(
            [("lot_id", "=", self.lot.id), ("is_inventory", "=", True)]
        )
        self._hold(lot=self.lot)
        with self.refused("(inventory adjustment)"):
            line.with_user(self.clerk).action_revert_inventory()

    def test_count_by_a_new_quant(self):
        self._hold(lot=self.lot)
        vals = {
            "product_id": self.product.id,
            "location_id": self.stock.id,
            "lot_id": self.lot.id,
            "inventory_quantity": 1,
        }
        Quant = self.env["stock.quant"].with_user(self.clerk)
        with self.refused("(inventory adjustment)"):
            Quant.with_context(inventory_mode=True).create(
                vals
            ).action_apply_inventory()

    def test_count_by_a_new_quant_elsewhere_arrives_held(self):
        self._hold(lot=self.lot)
        quant = (
            self.env["stock.quant"]
            .with_user(self.clerk)
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": self.product.id,
                    "location_id": self.shelf.id,
                    "lot_id": self.lot.id,
                    "inventory_quantity": 3,
                }
            )
        )
        quant.action_apply_inventory()
        quant = self.assertOneQuant(self.lot, self.shelf)
        self.assertEqual(quant.quantity, 3)
        self.assertEqual(quant.inspection_status_id, self.on_hold)

    def test_count_applied_at_once(self):
        self._hold(lot=self.lot)
        manager = self._make_user("qms_stock_manager", "stock.group_stock_manager")
        quant = self._quant().with_user(manager).with_context(inventory_mode=True)
        with self.refused("(inventory adjustment)"):
            quant.inventory_quantity_auto_apply = 0
        with self.refused(""):
            quant.unlink()

    def test_quant_is_not_deleted(self):
        self._hold(lot=self.lot)
        with self.refused(""):
            self._quant().unlink()

    def test_quant_is_not_copied(self):
        with self.refused("You cannot duplicate stock quants."):
            self._quant().copy({"quantity": 4})

    # -- Scrap -------------------------------------------------------------------------

    def _scrap(self, quantity=2, **vals):
        return (
            self.env["stock.scrap"]
            .with_user(self.clerk)
            .create(
                {
                    "product_id": self.product.id,
                    "lot_id": self.lot.id,
                    "scrap_qty": quantity,
                    "location_id": self.stock.id,
                    **vals,
                }
            )
        )

    def test_scrap(self):
        self._hold(lot=self.lot)
        scrap = self._scrap()
        with self.refused("(scrap)"):
            scrap.do_scrap()
        with self.refused("(scrap)"):
            scrap.action_validate()

    def test_rejected_goods_are_scrapped(self):
        self._hold(self.rejected, lot=self.lot)
        self._scrap().action_validate()
        self.assertEqual(self._quant().quantity, 8)

    def test_scrap_into_a_shelf_or_to_a_customer(self):
        self._hold(self.rejected, lot=self.lot)
        for location in (self.shelf, self.customer):
            with self.subTest(location.usage), self.refused(""):
                self._scrap(scrap_location_id=location.id).do_scrap()

    def test_loss_by_a_plain_transfer(self):
        self._hold(self.rejected, lot=self.lot)
        transfer = self._forced("internal", dest=self.loss)
        with self.refused("(inventory adjustment, scrap)"):
            transfer.button_validate()

    def test_done_scrap_is_not_redirected(self):
        self._hold(self.rejected, lot=self.lot)
        scrap = self._scrap()
        scrap.action_validate()
        with self.refused():
            scrap.move_ids.move_line_ids.location_dest_id = self.customer
        with self.refused():
            scrap.move_ids.move_line_ids.location_dest_id = self.shelf

    # -- Relocation --------------------------------------------------------------------

    def test_relocate_quants(self):
        self._hold(lot=self.lot)
        for location in (self.shelf, self.customer):
            with self.subTest(location.usage), self.refused():
                self._quant().move_quants(location_dest_id=location)

    def test_relocate_wizard(self):
        self._hold(lot=self.lot)
        wizard = self.env["stock.quant.relocate"].create(
            {
                "quant_ids": [(6, 0, self._quant().ids)],
                "dest_location_id": self.shelf.id,
            }
        )
        with self.refused():
            wizard.action_relocate_quants()

    def test_relocate_lot(self):
        self._hold(lot=self.lot)
        with self.refused():
            self.lot.with_user(self.clerk).location_id = self.shelf

    def test_relocate_package(self):
        package = self.env["stock.package"].create({"name": "BOX"})
        self._stock_up(5, self.lot, self.shelf, package=package)
        self._hold(lot=self.lot, package=package)
        with self.refused():
            package.with_user(self.clerk).location_id = self.stock

    # -- Packages ----------------------------------------------------------------------

    def _pack(self, name="BOX", **vals):
        package = self.env["stock.package"].create({"name": name, **vals})
        lot = self._make_lot(f"IN-{name}")
        self._stock_up(5, lot, package=package)
        return package.with_user(self.clerk), lot

    def test_unpacked_goods_stay_held(self):
        package, lot = self._pack()
        hold = self._hold(lot=lot, package=package)
        package.unpack()
        quant = self.assertOneQuant(lot)
        self.assertFalse(quant.package_id)
        self.assertEqual(quant.inspection_status_id, self.on_hold)
        delivery = self._forced(lot=lot)
        with self.refused():
            delivery.button_validate()
        hold._release("ok")
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")

    def test_repacked_goods_stay_held(self):
        package, lot = self._pack()
        other = self.env["stock.package"].create({"name": "OTHER"})
        self._hold(lot=lot, package=package)
        quant = self.assertOneQuant(lot).with_user(self.clerk)
        quant.move_quants(package_dest_id=other)
        quant = self.assertOneQuant(lot)
        self.assertEqual(quant.package_id, other)
        self.assertEqual(quant.inspection_status_id, self.on_hold)

    def test_box_taken_off_a_held_pallet_stays_held(self):
        pallet = self.env["stock.package"].create({"name": "PALLET"})
        box, lot = self._pack(parent_package_id=pallet.id)
        self._hold(lot=lot, package=box.sudo())
        box.parent_package_id = False
        pallet.unpack()
        self.assertEqual(self.assertOneQuant(lot).inspection_status_id, self.on_hold)
        delivery = self._forced(lot=lot)
        line = delivery.move_line_ids.with_context(qms_picked_by_system=True)
        line.write({"package_id": box.id})
        with self.refused():
            delivery.button_validate()

    def test_mixed_goods_are_held_too(self):
        zone = self._make_location("Zone", qms_zone="quarantine")
        lot = self._make_lot("MIXED")
        self._stock_up(5, lot, self.shelf)
        self._stock_up(5, lot, zone)
        hold = self._hold(lot=lot, location=self.shelf)
        self._posted("internal", 2, lot, source=self.shelf, dest=zone)
        quant = self.assertOneQuant(lot, zone)
        self.assertEqual(quant.quantity, 7)
        self.assertEqual(quant.inspection_status_id, self.on_hold)
        self.assertEqual(hold.child_ids.location_id, zone)

    def test_goods_without_number_are_not_renamed_by_a_count(self):
        blank = self._make_product("Blank")
        self._stock_up(10, product=blank)
        self._hold(product=blank, location=self.stock)
        lot = self._make_lot("NAME", blank)
        delivery = self._forced(lot=lot)
        with self.refused():
            delivery.button_validate()
