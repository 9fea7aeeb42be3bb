from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_genealogy import GenealogyCase


@tagged("post_install", "-at_install")
class TestLotLink(GenealogyCase):
    """Closing an order tells which lot went into which."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk_1, cls.milk_2 = cls._make_lot("M1"), cls._make_lot("M2")
        for lot in cls.milk_1 | cls.milk_2:
            cls._stock_up(1000, lot)
        cls._stock_up(1000, product=cls.untracked)
        cls.cheese_1 = cls._make_lot("C1", cls.cheese)
        cls.serials = [cls._make_lot(f"D{n}", cls.device) for n in range(3)]

    def test_order(self):
        order = self._make(
            4,
            [self.cheese_1],
            [(self.milk_1, 6), (self.milk_2, 2), (self.untracked, 1)],
        )
        self.assertEqual(
            self._written(self._of(order)),
            {
                ("M1", "C1"): (6, "production"),
                ("M2", "C1"): (2, "production"),
                ("Salt", "C1"): (1, "production"),
            },
        )
        links = self.links.search(self._of(order)).sorted("from_product_id")
        self.assertEqual(set(links.mapped("to_quantity")), {4})
        self.assertEqual(set(links.mapped("origin")), {"quantity"})
        self.assertEqual(links.user_id, self.worker)
        self.assertEqual(links.production_id, order)
        self.assertEqual(set(links.mapped("reference")), {order.name})
        self.assertEqual(links.to_line_id, order.move_finished_ids.move_line_ids)
        self.assertEqual(links.from_line_id, order.move_raw_ids.move_line_ids)
        uncertain = links.filtered("uncertain")
        self.assertEqual(uncertain.from_product_id, self.untracked)

    def test_serials_share_by_quantity(self):
        order = self._make(3, self.serials, [(self.milk_1, 6)])
        self.assertEqual(
            self._written(self._of(order)),
            {("M1", f"D{n}"): (2, "production") for n in range(3)},
        )

    def test_registered_uses_come_first(self):
        order = self._start(self.device, 3, [(self.milk_1, 6), (self.milk_2, 3)])
        first, second = order.move_raw_ids.move_line_ids.sorted("quantity")
        told = {
            (first.id, self.serials[0].id): 3,
            # more than the rest of the line has for the others
            (second.id, self.serials[1].id): 3,
        }
        self.patch(
            type(order),
            "_qms_get_registered_uses",
            lambda order, finished_lines, consumed_lines: told,
        )
        self._finish(order, *self.serials)
        links = self.links.search(self._of(order))
        found = {
            (link.from_lot_id.name, link.to_lot_id.name, link.origin): link.quantity
            for link in links
        }
        self.assertEqual(
            found,
            {
                ("M2", "D0", "registered"): 3,
                ("M1", "D1", "registered"): 3,
                ("M1", "D0", "quantity"): 1,
                ("M1", "D1", "quantity"): 1,
                ("M1", "D2", "quantity"): 1,
            },
        )
        told[second.id, self.serials[1].id] = 12
        order._qms_sync_links()
        self.assertEqual(
            self._written(self._of(order)),
            {("M2", "D0"): (3, "production"), ("M1", "D1"): (6, "production")},
            "never more than was used",
        )

    def test_by_product(self):
        whey = self._make_product("Whey")
        order = self._start(self.cheese, 4, [(self.milk_1, 6)])
        order.move_byproduct_ids = [
            (
                0,
                0,
                {
                    "product_id": whey.id,
                    "product_uom_qty": 2,
                    "quantity": 2,
                    "location_id": order.production_location_id.id,
                    "location_dest_id": self.stock.id,
                },
            )
        ]
        order.move_byproduct_ids.lot_ids = self._make_lot("W1", whey)
        order.move_byproduct_ids.quantity = 2
        self._finish(order, self.cheese_1)
        self.assertEqual(
            self._written(self._of(order)),
            {("M1", "C1"): (6, "production"), ("M1", "W1"): (6, "byproduct")},
        )

    def test_product_without_lots(self):
        butter = self._make_product("Butter", tracking="none")
        order = self._make(
            2, [], [(self.milk_1, 3), (self.untracked, 1)], product=butter
        )
        self.assertEqual(
            self._written(self._of(order)), {("M1", "Butter"): (3, "production")}
        )
        self.assertTrue(self.links.search(self._of(order)).uncertain)

    def test_unbuild(self):
        order = self._make(4, [self.cheese_1], [(self.milk_1, 6), (self.milk_2, 2)])
        unbuild = (
            self.env["mrp.unbuild"]
            .with_user(self.worker)
            .create(
                {
                    "product_id": self.cheese.id,
                    "mo_id": order.id,
                    "lot_id": self.cheese_1.id,
                    "product_qty": 2,
                    "location_id": self.stock.id,
                    "location_dest_id": self.stock.id,
                }
            )
        )
        unbuild.action_unbuild()
        self.assertEqual(
            self._written(self._of(unbuild)),
            {("C1", "M1"): (2, "unbuild")},
            "core gives back what it consumed first",
        )
        link = self.links.search(self._of(unbuild))
        self.assertEqual((link.to_quantity, link.production_id), (4, order))

    def test_kit(self):
        kit = self._make_product("Basket", tracking="none")
        bom = self._make_bom(kit, {self.product: 2}, type="phantom")
        delivery = self._picking("outgoing", 3, kit)
        delivery.action_confirm()
        delivery.move_ids._do_unreserve()
        delivery.move_ids.lot_ids = self.milk_1
        delivery.move_ids.quantity = 6
        delivery.move_ids.picked = True
        delivery.with_user(self.clerk).button_validate()
        self.assertEqual(delivery.move_ids.bom_line_id.bom_id, bom)
        self.assertEqual(
            self._written(self._of(delivery)), {("M1", "Basket"): (6, "kit")}
        )
        self.assertEqual(self.links.search(self._of(delivery)).to_quantity, 3)

    def test_kit_of_a_variant(self):
        """A dozen of the variant that was sold, also when it is off the list since."""
        size = self.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [(0, 0, {"name": name}) for name in ("Small", "Large")],
            }
        )
        baskets = self.env["product.template"].create(
            {
                "name": "Basket",
                "is_storable": True,
                "attribute_line_ids": [
                    (
                        0,
                        0,
                        {
                            "attribute_id": size.id,
                            "value_ids": [(6, 0, size.value_ids.ids)],
                        },
                    )
                ],
            }
        )
        small, large = baskets.product_variant_ids
        self._make_bom(
            small,
            {self.product: 24},
            type="phantom",
            product_uom_id=self.env.ref("uom.product_uom_dozen").id,
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [(0, 0, {"product_id": large.id, "product_uom_qty": 3})],
            }
        )
        order.action_confirm()
        delivery = order.picking_ids
        delivery.move_ids._do_unreserve()
        delivery.move_ids.lot_ids = self.milk_1
        delivery.move_ids.quantity = 6
        delivery.move_ids.picked = True
        delivery.with_user(self.clerk).button_validate()
        expected = (large, 6, 3)
        link = self.links.search(self._of(delivery))
        told = (link.to_product_id, link.quantity, link.to_quantity)
        self.assertEqual(told, expected)
        # what a backfill finds years later
        self.env.cr.execute(
            "UPDATE product_product SET active = FALSE WHERE product_tmpl_id = %s",
            baskets.ids,
        )
        self.env.cr.execute("DELETE FROM qms_lot_link WHERE id = %s", link.ids)
        self.env.invalidate_all()
        link = delivery.move_ids._qms_sync_kits(past=True)
        told = (link.to_product_id, link.quantity, link.to_quantity)
        self.assertEqual(told, expected)

    def test_repair(self):
        if "repair.order" not in self.env:
            self.skipTest("Repairs is not installed")
        self._stock_up(1, self.serials[0])
        part = {"repair_line_type": "add", "product_id": self.product.id}
        old = {"repair_line_type": "remove", "product_id": self.cheese.id}
        repair = self.env["repair.order"].create(
            {
                "product_id": self.device.id,
                "lot_id": self.serials[0].id,
                "picking_type_id": self.warehouse.repair_type_id.id,
                "move_ids": [
                    (0, 0, {**part, "product_uom_qty": 2}),
                    (0, 0, {**old, "product_uom_qty": 1}),
                ],
            }
        )
        repair.action_validate()
        repair.action_repair_start()
        add, remove = repair.move_ids
        add.lot_ids = self.milk_2
        add.quantity = 2
        remove.lot_ids = self.cheese_1
        remove.quantity = 1
        repair.move_ids.picked = True
        repair.action_repair_end()
        self.assertEqual(
            self._written(self._of(repair)),
            {("M2", "D0"): (2, "repair"), ("D0", "C1"): (1, "repair")},
        )

    def test_subcontracting(self):
        if "subcontractor_id" not in self.env["mrp.production"]._fields:
            self.skipTest("Subcontracting is not installed")
        self._make_bom(
            self.cheese,
            {self.product: 2},
            type="subcontract",
            subcontractor_ids=[(4, self.partner.id)],
        )
        place = self.partner.property_stock_subcontractor
        self._stock_up(10, self.milk_1, place)
        receipt = self._picking("incoming", 3, self.cheese)
        receipt.action_confirm()
        receipt.move_line_ids.write({"lot_id": self.cheese_1.id, "quantity": 3})
        receipt.move_ids.picked = True
        receipt.button_validate()
        self.assertEqual(receipt.state, "done")
        order = receipt.move_ids.move_orig_ids.production_id
        self.assertEqual(
            self._written(self._of(order)), {("M1", "C1"): (6, "subcontracting")}
        )

    def test_one_insert_per_posting(self):
        """However many components and lots: one look at what there is, one insert."""
        uses = [(self.milk_1, 6), (self.milk_2, 2), (self.untracked, 1)]
        order = self._make(3, self.serials, uses)
        links = self.links.search(self._of(order))
        self.assertEqual(len(links), 9)
        order._qms_sync_links()
        links._qms_undo()
        self.env.flush_all()
        with self.assertQueryCount(4):
            # what is written, one insert, and the running recalls: of the lots used,
            # and of what was used without lots
            self.assertEqual(len(order._qms_sync_links()), 9)
            self.env.flush_all()

    def test_nobody_writes_history(self):
        order = self._make(4, [self.cheese_1], [(self.milk_1, 6)])
        link = self.links.search(self._of(order))
        values = {
            "from_product_id": self.product.id,
            "to_product_id": self.cheese.id,
            "kind": "production",
        }
        for user in (self.env.user, self.clerk, self.worker, self.manager):
            with self.subTest(user.login):
                mine = link.with_user(user)
                self.assertEqual(mine.quantity, 6)
                with self.assertRaises(AccessError):
                    mine.create(values)
                with self.assertRaises(AccessError):
                    mine.sudo().create(values)
                with self.assertRaises(AccessError):
                    mine.sudo().write({"quantity": 1})
                with self.assertRaises(AccessError):
                    mine.sudo().unlink()
        stranger = self._make_user("qms_stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            link.with_user(stranger).read(["quantity"])

    def test_links_of_other_companies_are_hidden(self):
        order = self._make(4, [self.cheese_1], [(self.milk_1, 6)])
        other = self.env["res.company"].create({"name": "Other"})
        self.clerk.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.links.with_user(self.clerk).search(self._of(order)))
