"""Two lots that may not be mixed are put into one place or package at once."""

from odoo.tests import tagged

from .race_case import RaceCase, Step

PICKINGS = "SELECT picking_id FROM stock_move WHERE product_id IN %(products)s"


@tagged("standard", "post_install", "-at_install")
class TestMixingRace(RaceCase):
    """One clerk brings the one lot, another the other: each sees his own alone."""

    cleaning = (
        f"DELETE FROM mail_message WHERE model = 'stock.picking' AND res_id IN"
        f" ({PICKINGS})",
        f"DELETE FROM mail_followers WHERE res_model = 'stock.picking' AND res_id IN"
        f" ({PICKINGS})",
        "DELETE FROM stock_package_history WHERE package_name = 'RACE'",
    )

    def _make(self, env):
        product = env["product.product"].create(
            {"name": "Race milk", "is_storable": True, "tracking": "lot"}
        )
        self.product_ids.append(product.id)
        warehouse = env["stock.warehouse"].search([], limit=1)
        self.type_id, self.stock_id = (
            warehouse.int_type_id.id,
            warehouse.lot_stock_id.id,
        )
        place = {"name": "Race shelf", "location_id": self.stock_id}
        self.place_id = env["stock.location"].create(place).id
        # the outer one first: the boxes stand on it
        packages = env["stock.package"].create([{"name": "RACE"}] * 3)
        self.pallet_id, *self.box_ids = packages.ids
        self.lot_ids = env["stock.lot"].create(
            [{"name": name, "product_id": product.id} for name in ("R-1", "R-2")]
        )
        for lot in self.lot_ids:
            env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, 1, lot_id=lot
            )
        self.lot_ids = self.lot_ids.ids

    def _clean_more(self, env):
        env.cr.execute(
            "DELETE FROM stock_picking WHERE location_dest_id = %s", [self.place_id]
        )
        env["stock.location"].browse(self.place_id).unlink()

    def _prepare(self, rule, packages=()):
        """Let the rule hold; return a transfer for each lot, into its package."""
        with self.transaction() as env:
            product = env["product.product"].browse(self.product_ids)
            product[rule] = True
            pickings = []
            for lot_id, package_id in zip(
                self.lot_ids, packages or (False, False), strict=True
            ):
                goods = {"product_id": product.id, "location_id": self.stock_id}
                goods["location_dest_id"] = self.place_id
                picking = env["stock.picking"].create(
                    {
                        "picking_type_id": self.type_id,
                        "location_id": self.stock_id,
                        "location_dest_id": self.place_id,
                        "move_ids": [(0, 0, {**goods, "product_uom_qty": 1})],
                    }
                )
                picking.action_confirm()
                picking.move_ids._do_unreserve()
                line = {"lot_id": lot_id, "result_package_id": package_id}
                env["stock.move.line"].create(
                    {
                        **goods,
                        **line,
                        "move_id": picking.move_ids.id,
                        "picking_id": picking.id,
                        "quantity": 1,
                        "picked": True,
                    }
                )
                picking.move_ids.picked = True
                pickings.append(picking.id)
            return pickings

    def _post(self, picking_id):
        def work(env):
            env["stock.picking"].browse(picking_id).button_validate()

        return Step(self, work)

    def _check(self, pickings):
        """Race the two transfers: the second runs again, and is refused."""
        first, second = map(self._post, pickings)
        self._race(first, second)
        self.assertIsNone(first.refusal)
        self.assertEqual(second.runs, 2)
        self.assertIn(": R-1, R-2 of Race milk\n", second.refusal or "")
        with self.transaction() as env:
            there = env["stock.quant"].search([("location_id", "=", self.place_id)])
            self.assertEqual(there.lot_id.ids, self.lot_ids[:1])

    def test_place(self):
        self._check(self._prepare("qms_one_lot_place"))

    def test_package(self):
        self._check(self._prepare("qms_one_lot_package", [self.pallet_id] * 2))

    def test_boxes_on_one_pallet(self):
        pickings = self._prepare("qms_one_lot_package", self.box_ids)
        with self.transaction() as env:
            boxes = env["stock.package"].browse(self.box_ids)
            boxes.action_put_in_pack(package_id=self.pallet_id)
        self._check(pickings)
