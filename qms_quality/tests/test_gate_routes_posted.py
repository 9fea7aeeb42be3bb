from odoo.tests import tagged

from .route_case import RouteCase


@tagged("post_install", "-at_install")
class TestGateRoutesPosted(RouteCase):
    """What is done already is no back door: it moves goods when it is changed."""

    def setUp(self):
        super().setUp()
        self.delivery = self._posted(lot=self.free)
        self.done = self.delivery.move_ids
        self.line = self.delivery.move_line_ids
        self._hold(lot=self.lot)

    def _line_vals(self, **vals):
        return {
            "product_id": self.product.id,
            "lot_id": self.lot.id,
            "quantity": 2,
            "location_id": self.stock.id,
            "location_dest_id": self.customer.id,
            **vals,
        }

    # -- Lines added -------------------------------------------------------------------

    def test_line_added_to_done_move(self):
        Line = self.env["stock.move.line"].with_user(self.clerk)
        with self.refused():
            Line.create(self._line_vals(move_id=self.done.id))

    def test_line_added_to_done_transfer(self):
        Line = self.env["stock.move.line"].with_user(self.clerk)
        with self.refused():
            Line.create(self._line_vals(picking_id=self.delivery.id))
        with self.refused():
            self.delivery.write({"move_line_ids": [(0, 0, self._line_vals())]})

    def test_move_added_to_done_transfer(self):
        vals = {
            "product_id": self.product.id,
            "product_uom_qty": 2,
            "location_id": self.stock.id,
            "location_dest_id": self.customer.id,
            "move_line_ids": [(0, 0, self._line_vals())],
        }
        with self.refused():
            self.delivery.write({"move_ids": [(0, 0, vals)]})

    def test_move_created_as_done(self):
        vals = {
            "product_id": self.product.id,
            "product_uom_qty": 2,
            "location_id": self.stock.id,
            "location_dest_id": self.customer.id,
            "state": "done",
            "move_line_ids": [(0, 0, self._line_vals())],
        }
        with self.refused():
            self.env["stock.move"].with_user(self.clerk).create(vals)

    def test_move_written_as_done(self):
        delivery = self._forced()
        with self.refused():
            delivery.move_ids.write({"state": "done"})

    def test_line_of_another_move_relinked(self):
        open_line = self._forced().move_line_ids
        with self.refused():
            open_line.write({"move_id": self.done.id})
        with self.refused():
            self.done.with_user(self.clerk).write(
                {"move_line_ids": [(4, open_line.id)]}
            )

    def test_orphan_line_relinked(self):
        orphan = (
            self.env["stock.move.line"]
            .with_user(self.clerk)
            .create(self._line_vals(company_id=self.company.id))
        )
        with self.refused():
            orphan.write({"move_id": self.done.id})

    def test_done_line_copied(self):
        with self.refused():
            self.line.copy({"lot_id": self.lot.id, "quantity": 1})

    # -- Lines changed -----------------------------------------------------------------

    def test_lot_of_done_line(self):
        with self.refused():
            self.line.write({"lot_id": self.lot.id})
        with self.refused("Deleting product moves"):
            self.done.with_user(self.clerk).write({"lot_ids": [(6, 0, self.lot.ids)]})
        with self.refused():
            self.done.with_user(self.clerk).write({"lot_ids": [(4, self.lot.id)]})
        with self.refused():
            self.line.with_context(skip_uom_conversion=True).lot_id = self.lot

    def test_quantity_of_done_line(self):
        self._hold(lot=self.free)
        with self.refused():
            self.line.write({"quantity": 5})
        with self.refused():
            self.done.with_user(self.clerk).write({"quantity": 5})
        dozen = self.env.ref("uom.product_uom_dozen")
        with self.refused():
            self.line.write({"product_uom_id": dozen.id})

    def test_hidden_quantity_of_done_line(self):
        self.line.write({"quantity_product_uom": 0})
        self._hold(lot=self.free)
        with self.refused():
            self.line.write({"quantity": 5})

    def test_places_of_done_internal_transfer(self):
        lot = self._make_lot("MOVED")
        self._stock_up(10, lot)
        transfer = self._posted("internal", lot=lot, dest=self.shelf)
        self._hold(lot=lot)
        line = transfer.move_line_ids
        other = self._make_location("Other")
        for vals in (
            {"location_dest_id": self.customer.id},
            {"location_dest_id": other.id},
            {"location_id": self.shelf.id, "location_dest_id": self.customer.id},
        ):
            with self.subTest(vals), self.refused():
                line.write(vals)
        with self.refused():
            transfer.write({"location_dest_id": self.customer.id})
        with self.refused():
            transfer.move_ids.write({"location_dest_id": self.customer.id})

    def _received(self, lot, dest=None):
        receipt = self._posted("incoming", lot=lot)
        if dest:
            receipt.move_line_ids.location_dest_id = dest
        return receipt.move_line_ids

    def test_done_receipt_is_not_redirected_out_of_quarantine(self):
        zone = self._make_location("Zone", qms_zone="quarantine")
        lot = self._make_lot("ARRIVED")
        line = self._received(lot, zone)
        self._hold(self.under_inspection, lot=lot)
        with self.refused("(put-away)"):
            line.write({"location_dest_id": self.stock.id})
        other = self.env["stock.warehouse"].create({"name": "South", "code": "SOUTH"})
        with self.refused("(transfer)"):
            line.write({"location_dest_id": other.lot_stock_id.id})
        with self.refused("(transfer)"):
            self.line.env["stock.move.line"].browse(line.id).write(
                {
                    "location_id": self.env["stock.location"]
                    .create({"name": "Vendor 2", "usage": "supplier"})
                    .id,
                    "location_dest_id": other.lot_stock_id.id,
                }
            )

    def test_narrow_hold_follows_a_redirected_receipt(self):
        lot = self._make_lot("ARRIVED")
        line = self._received(lot, self.shelf)
        self._hold(self.under_inspection, lot=lot, location=self.shelf)
        line.write({"location_dest_id": self.stock.id})
        quant = self.assertOneQuant(lot)
        self.assertEqual(quant.inspection_status_id, self.under_inspection)
        delivery = self._forced(lot=lot)
        with self.refused():
            delivery.button_validate()

    def test_package_hold_follows_a_repacked_receipt(self):
        first, second = self.env["stock.package"].create(
            [{"name": "BOX1"}, {"name": "BOX2"}]
        )
        lot = self._make_lot("ARRIVED")
        line = self._received(lot)
        line.result_package_id = first
        self._hold(self.under_inspection, lot=lot, package=first)
        for package in (second, self.env["stock.package"]):
            line.write({"result_package_id": package.id})
            quant = self.assertOneQuant(lot)
            self.assertEqual(quant.package_id, package)
            self.assertEqual(quant.inspection_status_id, self.under_inspection)

    def test_held_lot_of_a_receipt_is_not_renamed_by_its_line(self):
        lot = self._make_lot("ARRIVED")
        line = self._received(lot)
        self._hold(self.under_inspection, lot=lot)
        with self.refused():
            line.write({"lot_id": self.free.id})

    def test_package_of_done_line(self):
        package = self.env["stock.package"].create({"name": "BOX"})
        self._stock_up(10, self.free, package=package)
        self._hold(lot=self.free, package=package)
        with self.refused():
            self.line.write({"package_id": package.id})

    def test_less_goes_back(self):
        self._hold(lot=self.free)
        self.line.write({"quantity": 1})
        self.assertEqual(self.assertOneQuant(self.free).quantity, 9)
        self.line.write({"quantity": 0})
        self.assertEqual(self.assertOneQuant(self.free).quantity, 10)

    # -- Paper -------------------------------------------------------------------------

    def test_done_transfer_taken_back_and_posted_with_another_lot(self):
        self.done.with_user(self.clerk).write({"state": "assigned"})
        with self.refused():
            self.line.write({"lot_id": self.lot.id})
        self.line.with_context(qms_picked_by_system=True).lot_id = self.lot
        with self.refused():
            self.done.with_user(self.clerk).write({"state": "done"})

    def test_written_state_of_a_transfer_moves_nothing(self):
        delivery = self._forced()
        before = self.assertOneQuant(self.lot).quantity
        delivery.write({"state": "done"})
        self.assertEqual(self.assertOneQuant(self.lot).quantity, before)
        self.assertNotEqual(delivery.move_ids.state, "done")
