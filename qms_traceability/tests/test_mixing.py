from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TraceCase


@tagged("post_install", "-at_install")
class TestMixing(TraceCase):
    """Lots that may not be mixed, and where pallets have been."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot_1, cls.lot_2 = cls._make_lot("M-1"), cls._make_lot("M-2")
        cls._stock_up(10, cls.lot_1)
        cls._stock_up(10, cls.lot_2)
        cls.pallet = cls.env["stock.package"].create({"name": "PALLET-1"})
        cls.trace = cls.env["qms.trace"].with_user(cls.clerk)

    def _put(self, lot, place=None, package=None, quantity=1):
        """Move goods as a clerk; return the transfer."""
        picking = self._prepare(lot, place, package, quantity)
        picking.with_user(self.clerk).button_validate()
        return picking

    def _prepare(self, lot, place=None, package=None, quantity=1):
        """Return a transfer that waits to be validated."""
        picking = self._picking("internal", quantity, dest=place or self.shelf)
        picking.action_confirm()
        picking.move_ids._do_unreserve()
        self.env["stock.move.line"].create(
            {
                "move_id": picking.move_ids.id,
                "picking_id": picking.id,
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "quantity": quantity,
                "location_id": self.stock.id,
                "location_dest_id": (place or self.shelf).id,
                "result_package_id": package and package.id,
                "picked": True,
            }
        )
        picking.move_ids.picked = True
        return picking

    def test_off_by_default(self):
        self._put(self.lot_1)
        self.assertEqual(self._put(self.lot_2).state, "done")

    def test_place(self):
        self.product.qms_one_lot_place = True
        self._put(self.lot_1)
        self.assertEqual(self._put(self.lot_1).state, "done", "more of the same lot")
        with self.assertRaises(UserError) as caught:
            self._put(self.lot_2)
        self.assertEqual(
            str(caught.exception),
            "These lots may not be mixed:\n- DAIRY/Stock/Shelf: M-1, M-2 of Milk\n"
            "Choose another place or package, or empty this one first.",
        )

    def test_package(self):
        self.product.qms_one_lot_package = True
        self._put(self.lot_1, package=self.pallet)
        with self.assertRaises(UserError) as caught:
            self._put(self.lot_2, package=self.pallet)
        self.assertIn("- PALLET-1: M-1, M-2 of Milk\n", str(caught.exception))
        self.assertEqual(self._put(self.lot_2).state, "done", "beside the pallet")

    def test_place_that_is_mixed_already(self):
        """What lies there is nobody's fault; taking of it is free."""
        self.product.qms_one_lot_place = True
        delivery = self._delivery(1, self.lot_1)
        delivery.with_user(self.clerk).button_validate()
        self.assertEqual(delivery.state, "done")

    # -- Packages in packages ----------------------------------------------------------

    def _load(self, lot, box, pallet=None):
        """Move goods in a box, and the box onto a pallet; return the transfer."""
        picking = self._prepare(lot, package=box)
        if pallet:
            boxes = box.with_user(self.clerk)
            boxes.action_put_in_pack(package_id=pallet.id)
        picking.with_user(self.clerk).button_validate()
        return picking

    def _boxes(self, *names):
        return self.env["stock.package"].create([{"name": name} for name in names])

    def test_boxes_on_a_pallet(self):
        """A second lot in another box of the same pallet is beside the first."""
        self.product.qms_one_lot_package = True
        first, second, third = self._boxes("BOX-1", "BOX-2", "BOX-3")
        self._load(self.lot_1, first, self.pallet)
        self.assertEqual(first.parent_package_id, self.pallet)
        self._load(self.lot_1, third, self.pallet)
        self.assertEqual(third.parent_package_id, self.pallet, "the same lot")
        with self.assertRaises(UserError) as caught:
            self._load(self.lot_2, second, self.pallet)
        self.assertEqual(
            str(caught.exception),
            "These lots may not be mixed:\n- PALLET-1: M-1, M-2 of Milk\n"
            "Choose another place or package, or empty this one first.",
        )

    def test_corrected_into_a_box_on_a_pallet(self):
        self.product.qms_one_lot_package = True
        first, second = self._boxes("BOX-1", "BOX-2")
        self._load(self.lot_1, first, self.pallet)
        second.parent_package_id = self.pallet
        line = self._put(self.lot_2).move_line_ids
        with self.assertRaises(UserError) as caught:
            line.with_user(self.clerk).result_package_id = second
        self.assertIn("- PALLET-1: M-1, M-2 of Milk\n", str(caught.exception))

    def test_container_by_hand(self):
        """Pallet into container, on the form: all that is inside counts."""
        self.product.qms_one_lot_package = True
        (box,) = self._boxes("BOX-1")
        other, container = self._boxes("PALLET-2", "CONTAINER")
        self._load(self.lot_1, box, self.pallet)
        self._put(self.lot_2, package=other)
        other.with_user(self.clerk).parent_package_id = container
        with self.assertRaises(UserError) as caught:
            self.pallet.with_user(self.clerk).parent_package_id = container
        self.assertIn("- CONTAINER: M-1, M-2 of Milk\n", str(caught.exception))

    def test_mixed_package_is_moved_as_a_whole(self):
        """Nothing is put into it by that."""
        for lot in self.lot_1 | self.lot_2:
            self._put(lot, package=self.pallet)
        self.product.qms_one_lot_package = True
        picking = self._picking("internal", 2, source=self.shelf, dest=self.stock)
        picking.action_confirm()
        picking.move_line_ids.unlink()
        picking.with_user(self.clerk).action_add_entire_packs(self.pallet.ids)
        picking.move_ids.picked = True
        picking.with_user(self.clerk).button_validate()
        self.assertEqual(self.pallet.location_id, self.stock)

    def test_package_for_a_customer(self):
        """What is packed on its way out may be mixed no more than what stays."""
        self.product.qms_one_lot_package = True
        delivery = self._picking("outgoing", 2)
        delivery.action_confirm()
        delivery.move_ids._do_unreserve()
        for lot in self.lot_1 | self.lot_2:
            line = delivery.move_ids._prepare_move_line_vals(quantity=1)
            packed = {"lot_id": lot.id, "result_package_id": self.pallet.id}
            self.env["stock.move.line"].create({**line, **packed})
        delivery.move_ids.picked = True
        with self.assertRaises(UserError) as caught:
            delivery.with_user(self.clerk).button_validate()
        self.assertIn("- PALLET-1: M-1, M-2 of Milk\n", str(caught.exception))

    def test_history_of_a_pallet_that_was_unloaded(self):
        (box,) = self._boxes("BOX-1")
        self._load(self.lot_1, box, self.pallet)
        box.parent_package_id = False
        self._put(self.lot_2, package=self.pallet)
        for user in self.clerk | self.inspector:
            trace = self.trace.with_user(user)
            rows = trace.get_package_history(self.pallet.ids)
            self.assertEqual([row["lot"] for row in rows], ["M-1", "M-2"])
            action = self.pallet.with_user(user).action_qms_package_history()
            lines = self.env["stock.move.line"].with_user(user)
            self.assertEqual(len(lines.search(action["domain"])), 2)

    def test_history_of_a_pallet(self):
        first = self._put(self.lot_1, package=self.pallet, quantity=4)
        self._put(self.lot_2, package=self.pallet, quantity=2)
        rows = self.trace.get_package_history(self.pallet.ids)
        self.assertEqual(
            [
                (row["lot"], row["quantity"], row["into"], row["from"], row["to"])
                for row in rows
            ],
            [
                ("M-1", 4.0, "PALLET-1", "DAIRY/Stock", "DAIRY/Stock/Shelf"),
                ("M-2", 2.0, "PALLET-1", "DAIRY/Stock", "DAIRY/Stock/Shelf"),
            ],
        )
        self.assertEqual(rows[0]["document"], first.name)
        action = self.pallet.with_user(self.clerk).action_qms_package_history()
        lines = self.env["stock.move.line"].search(action["domain"])
        self.assertEqual(lines.lot_id, self.lot_1 | self.lot_2)
        graph = self.trace.get_graph("stock.package", self.pallet.ids)
        self.assertEqual(len(graph["roots"]), 2)
