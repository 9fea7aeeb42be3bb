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
        picking.with_user(self.clerk).button_validate()
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
