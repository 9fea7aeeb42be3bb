from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .route_case import RouteCase


@tagged("post_install", "-at_install")
class TestGateRoutesTransfer(RouteCase):
    """Nobody ships a held lot by a transfer, whatever button it takes."""

    def test_delivery(self):
        delivery = self._forced()
        self._hold(lot=self.lot)
        self._force_line(delivery.sudo().move_ids, self.lot)
        with self.refused("(delivery)"):
            delivery.button_validate()

    def test_internal_transfer(self):
        self._hold(lot=self.lot)
        transfer = self._forced("internal", dest=self.shelf)
        with self.refused("(internal move)"):
            transfer.button_validate()

    def test_draft_transfer_validated_at_once(self):
        self._hold(lot=self.lot)
        delivery = self._picking("outgoing", 4)
        self._force_line(delivery.move_ids, self.lot)
        with self.refused():
            delivery.with_user(self.clerk).button_validate()

    def test_backorder_wizard(self):
        self._hold(lot=self.lot)
        delivery = self._picking("outgoing", 8)
        delivery.action_confirm()
        self._force_line(delivery.move_ids, self.lot, quantity=4)
        action = delivery.with_user(self.clerk).button_validate()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.clerk)
            .with_context(**action["context"])
            .create({})
        )
        with self.refused():
            wizard.process()
        with self.refused():
            wizard.process_cancel_backorder()

    def test_batch(self):
        Batch = self._need("stock.picking.batch")
        good = self._forced(lot=self.free)
        self._hold(lot=self.lot)
        bad = self._forced()
        batch = Batch.create({"picking_ids": [(6, 0, (good | bad).ids)]})
        batch.action_confirm()
        with self.refused():
            batch.with_user(self.clerk).action_done()
        self.assertEqual(good.state, "assigned")

    def test_whole_package(self):
        package = self.env["stock.package"].create({"name": "PALLET"})
        self._stock_up(5, self.lot, package=package)
        self._hold(lot=self.lot, package=package)
        delivery = self._picking("outgoing", 5).with_user(self.clerk)
        with self.refused():
            delivery.action_add_entire_packs(package.ids)

    def test_whole_package_chosen_before_the_hold(self):
        package = self.env["stock.package"].create({"name": "PALLET"})
        self._stock_up(5, self.lot, package=package)
        delivery = self._picking("outgoing", 5)
        delivery.action_add_entire_packs(package.ids)
        delivery.action_confirm()
        self._hold(lot=self.lot, package=package)
        self._force_line(
            delivery.move_ids,
            self.lot,
            quantity=5,
            package_id=package.id,
            result_package_id=package.id,
        )
        with self.refused():
            delivery.with_user(self.clerk).button_validate()

    def test_return_to_vendor(self):
        receipt = self._posted("incoming", 4)
        back = self._return(receipt)
        self._hold(lot=self.lot)
        self._force_line(back.move_ids, self.lot, quantity=1)
        with self.refused("(return to vendor)"):
            back.with_user(self.clerk).button_validate()

    def test_rejected_goods_go_back_to_the_vendor(self):
        receipt = self._posted("incoming", 4)
        self._hold(self.rejected, lot=self.lot)
        back = self._return(receipt, 4)
        self._force_line(back.move_ids, self.lot, quantity=4)
        back.with_user(self.clerk).button_validate()
        self.assertEqual(back.state, "done")
        self.assertEqual(self.assertOneQuant(self.lot).quantity, 10)

    def test_return_from_customer_arrives_held(self):
        delivery = self._posted()
        self._hold(lot=self.lot)
        back = self._return(delivery, 2)
        back.move_ids.picked = True
        back.with_user(self.clerk).button_validate()
        self.assertEqual(back.state, "done")
        quant = self.assertOneQuant(self.lot)
        self.assertEqual(quant.quantity, 8)
        self.assertEqual(quant.inspection_status_id, self.on_hold)

    def test_dropship_of_held_lot_by_name(self):
        self._hold(lot=self.lot)
        drop = self._picking("incoming", 4, source=self.supplier, dest=self.customer)
        drop.action_confirm()
        drop.move_ids.move_line_ids.write({"lot_name": "HELD", "quantity": 4})
        drop.move_ids.picked = True
        with self.refused("(delivery)"):
            drop.with_user(self.clerk).button_validate()

    def test_dropship_type(self):
        if "dropship" not in dict(
            self.env["stock.picking.type"]
            ._fields["code"]
            ._description_selection(self.env)
        ):
            self.skipTest("stock_dropshipping is not installed")
        kind = self.env["stock.picking.type"].search(
            [("code", "=", "dropship"), ("company_id", "=", self.company.id)], limit=1
        )
        self._hold(lot=self.lot)
        drop = self._picking(
            "incoming",
            4,
            source=self.supplier,
            dest=self.customer,
            picking_type_id=kind.id,
        )
        drop.action_confirm()
        self._force_line(drop.move_ids, quantity=4, lot_name="HELD")
        with self.refused("(delivery)"):
            drop.with_user(self.clerk).button_validate()

    def test_receipt_by_name_joins_the_held_lot(self):
        self._hold(lot=self.lot)
        receipt = self._picking("incoming", 4)
        receipt.action_confirm()
        receipt.move_ids.move_line_ids.write({"lot_name": "HELD", "quantity": 4})
        receipt.move_ids.picked = True
        receipt.with_user(self.clerk).button_validate()
        quant = self.assertOneQuant(self.lot)
        self.assertEqual(quant.quantity, 14)
        self.assertEqual(quant.inspection_status_id, self.on_hold)
        self._picking("outgoing", 20).action_confirm()
        self.assertEqual(quant.reserved_quantity, 0)

    def test_pick_and_ship(self):
        self._hold(self.under_inspection, lot=self.lot)
        output = self.warehouse.wh_output_stock_loc_id
        output.active = True
        pick = self._forced("internal", dest=output)
        pick.button_validate()
        ship = self._forced(source=output)
        with self.refused("(delivery)"):
            ship.button_validate()

    def test_three_step_receipt(self):
        self.warehouse.reception_steps = "three_steps"
        rule = self.env["qms.status.rule"].create(
            {"product_id": self.product.id, "status_id": self.under_inspection.id}
        )
        self.assertTrue(rule.active)
        wh = self.warehouse
        receipt = self._picking("incoming", 4, dest=wh.wh_input_stock_loc_id)
        receipt.move_ids.location_final_id = self.stock
        receipt.action_confirm()
        receipt.move_ids.move_line_ids.write({"lot_name": "NEW", "quantity": 4})
        receipt.move_ids.picked = True
        receipt.with_user(self.clerk).button_validate()
        lot = receipt.move_line_ids.lot_id
        self.assertEqual(lot.inspection_status_id, self.under_inspection)
        control = receipt.move_ids.move_dest_ids
        self.assertEqual(control.location_dest_id, wh.wh_qc_stock_loc_id)
        self._force_line(control, lot)
        control.picking_id.with_user(self.clerk).button_validate()
        self.assertEqual(control.state, "done")
        self.assertEqual(lot.inspection_status_id, self.under_inspection)
        delivery = self._forced(lot=lot, source=wh.wh_qc_stock_loc_id)
        with self.refused("(delivery)"):
            delivery.button_validate()

    def test_between_warehouses(self):
        other = self.env["stock.warehouse"].create({"name": "South", "code": "SOUTH"})
        self._hold(self.under_inspection, lot=self.lot)
        transfer = self._forced("internal", dest=other.lot_stock_id)
        with self.refused("(transfer)"):
            transfer.button_validate()

    def test_between_companies(self):
        south = self.env["res.company"].create({"name": "South"})
        other = self.env["stock.warehouse"].search([("company_id", "=", south.id)])
        lot = self._make_lot("SHARED")
        self.assertFalse(lot.company_id)
        self.env["stock.quant"]._update_available_quantity(
            self.product, other.lot_stock_id, 5, lot_id=lot
        )
        self._hold(lot=lot)
        clerk = self.env["res.users"].create(
            {
                "name": "South clerk",
                "login": "qms_south",
                "company_id": south.id,
                "company_ids": [(6, 0, south.ids)],
                "group_ids": [(6, 0, self.env.ref("stock.group_stock_user").ids)],
            }
        )
        delivery = (
            self.env["stock.picking"]
            .with_company(south)
            .create(
                {
                    "picking_type_id": other.out_type_id.id,
                    "location_id": other.lot_stock_id.id,
                    "location_dest_id": self.customer.id,
                    "move_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 2,
                                "location_id": other.lot_stock_id.id,
                                "location_dest_id": self.customer.id,
                                "company_id": south.id,
                            },
                        )
                    ],
                }
            )
        )
        delivery.action_confirm()
        self.assertFalse(delivery.move_line_ids)
        self._force_line(delivery.move_ids, lot, company_id=south.id)
        with self.refused():
            delivery.with_user(clerk).button_validate()

    def test_consigned_stock(self):
        owner = self.env["res.partner"].create({"name": "Owner"})
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.stock, 6, lot_id=self.lot, owner_id=owner
        )
        self._hold(lot=self.lot)
        delivery = self._picking("outgoing", 4, owner_id=owner.id)
        delivery.action_confirm()
        self.assertNotIn(self.lot, delivery.move_line_ids.lot_id)
        self._force_line(delivery.move_ids, self.lot, owner_id=owner.id)
        with self.refused():
            delivery.with_user(self.clerk).button_validate()

    # -- Goods that are not where they are taken from ----------------------------------

    def test_more_than_there_is(self):
        self._hold(lot=self.lot)
        delivery = self._forced(quantity=99)
        with self.refused():
            delivery.button_validate()

    def test_lot_held_in_a_place_is_not_shipped_from_another(self):
        lot = self._make_lot("ELSEWHERE")
        self._stock_up(10, lot, self.shelf)
        self._hold(lot=lot, location=self.shelf)
        delivery = self._forced(lot=lot)
        with self.refused():
            delivery.button_validate()

    def test_packed_lot_is_not_shipped_loose(self):
        lot = self._make_lot("PACKED")
        package = self.env["stock.package"].create({"name": "BOX"})
        self._stock_up(10, lot, package=package)
        self._hold(lot=lot, package=package)
        delivery = self._forced(lot=lot)
        with self.refused():
            delivery.button_validate()

    def test_untracked_goods_held_in_a_place_are_not_shipped_from_another(self):
        self._stock_up(10, product=self.untracked, location=self.shelf)
        self._hold(product=self.untracked, location=self.shelf)
        delivery = self._forced(lot=self.env["stock.lot"], product=self.untracked)
        with self.refused():
            delivery.button_validate()

    def test_lot_is_not_shipped_without_its_number(self):
        kind = self.warehouse.out_type_id
        kind.write({"use_create_lots": False, "use_existing_lots": False})
        self._hold(lot=self.lot)
        delivery = self._forced(lot=self.env["stock.lot"], product=self.product)
        with self.refused():
            delivery.button_validate()

    def test_stock_without_a_number_does_not_leave_under_another(self):
        blank = self._make_product("Blank")
        self._stock_up(10, product=blank, location=self.shelf)
        self._hold(product=blank, location=self.shelf)
        lot = self._make_lot("NAME", blank)
        delivery = self._forced(lot=lot, source=self.shelf)
        with self.refused():
            delivery.button_validate()

    def test_negative_stock_of_other_goods_stays_possible(self):
        self._hold(lot=self.lot)
        delivery = self._forced(lot=self.free, quantity=12)
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")

    # -- Products that stop being tracked ----------------------------------------------

    def test_product_with_holds_keeps_its_tracking(self):
        self._hold(lot=self.lot)
        for vals in (
            {"tracking": "none"},
            {"tracking": "serial"},
            {"is_storable": False},
            {"type": "service"},
        ):
            with self.subTest(vals), self.refused("holds"):
                self.product.write(vals)

    def test_product_without_holds_may_change(self):
        self._hold(lot=self.lot)._release("ok")
        self.product.tracking = "serial"
        self.product.tracking = "lot"

    def test_untracked_product_that_becomes_tracked_stays_held(self):
        self._stock_up(10, product=self.untracked)
        hold = self._hold(product=self.untracked, location=self.stock)
        with self.refused("holds"):
            self.untracked.tracking = "lot"
        hold._release("ok")
        self.untracked.tracking = "lot"
        hold = self._hold(product=self.untracked, location=self.stock)
        lot = self._make_lot("LATE", self.untracked)
        delivery = self._forced(lot=lot)
        with self.refused():
            delivery.button_validate()

    # -- Places that move with their goods ---------------------------------------------

    def test_place_stays_inside_a_held_one(self):
        area = self._make_location("Area")
        shelf = self._make_location("Inner", area)
        self._stock_up(4, self.lot, shelf)
        hold = self._hold(lot=self.lot, location=area)
        with self.refused("are held with the place around it"):
            shelf.location_id = self.stock
        hold._release("ok")
        shelf.location_id = self.stock

    # -- Entering a held lot -----------------------------------------------------------

    def test_swap_the_lot_of_a_reserved_line(self):
        delivery = self._picking("outgoing", 4)
        delivery.action_confirm()
        line = delivery.move_line_ids
        other = self.free if line.lot_id == self.lot else self.lot
        self._hold(lot=other)
        with self.refused():
            line.with_user(self.clerk).lot_id = other
        quant = other.quant_ids.filtered(lambda q: q.location_id == self.stock)
        with self.refused():
            line.with_user(self.clerk).write({"quant_id": quant.id})
        self.assertEqual(self.assertOneQuant(other).reserved_quantity, 0)

    def test_new_line_with_a_held_lot(self):
        delivery = self._picking("outgoing", 4)
        delivery.action_confirm()
        self._hold(lot=self.lot)
        with self.refused():
            self.env["stock.move.line"].with_user(self.clerk).create(
                {
                    "move_id": delivery.move_ids.id,
                    "picking_id": delivery.id,
                    "product_id": self.product.id,
                    "lot_id": self.lot.id,
                    "quantity": 1,
                    "location_id": self.stock.id,
                    "location_dest_id": self.customer.id,
                }
            )

    def test_serials_entered_on_the_move(self):
        self._hold(lot=self.lot)
        delivery = self._picking("outgoing", 4)
        delivery.action_confirm()
        try:
            delivery.move_ids.with_user(self.clerk).lot_ids = self.lot
        except UserError:
            return
        delivery.move_ids.picked = True
        self.assertNotIn(self.lot, delivery.move_line_ids.lot_id)

    def test_forged_context_passes_no_door(self):
        self._hold(lot=self.lot)
        delivery = self._forced()
        for key in (
            "qms_sentinel",
            "qms_picked_by_system",
            "qms_reserving_move",
            "qms_gate_domain",
            "qms_warning_asked",
            "inventory_mode",
            "skip_uom_conversion",
            "quants_cache",
        ):
            with self.subTest(key), self.refused():
                delivery.with_context(**{key: 1}).button_validate()

    def test_stock_is_not_written(self):
        quant = self.assertOneQuant(self.lot).with_user(self.clerk)
        values = {
            "quantity": 3,
            "reserved_quantity": 3,
            "in_date": "2020-01-01 00:00:00",
            "product_id": self.untracked.id,
            "lot_id": self.free.id,
            "location_id": self.shelf.id,
            "package_id": self.env["stock.package"].create({"name": "P"}).id,
            "owner_id": self.partner.id,
        }
        for name, value in values.items():
            with self.subTest(name), self.refused("Stock can't be written directly"):
                quant.write({name: value})
            with self.subTest(name, mode=True), self.refused(""):
                quant.with_context(inventory_mode=True).write({name: value})

    def test_stock_is_not_created(self):
        Quant = self.env["stock.quant"].with_user(self.clerk)
        vals = {
            "product_id": self.product.id,
            "location_id": self.shelf.id,
            "lot_id": self.lot.id,
            "quantity": 5,
        }
        for mode in (False, True):
            with self.subTest(mode=mode), self.refused(""):
                Quant.with_context(inventory_mode=mode).create(dict(vals))
        with self.assertRaises(AccessError) as refusal:
            Quant.create(vals)
        self.assertEqual(
            str(refusal.exception),
            "Stock can't be written directly (Location, Lot/Serial Number, Product,"
            " Quantity). Use a transfer, a count or a relocation, so that the movement"
            " is checked and recorded.",
        )
