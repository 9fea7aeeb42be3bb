from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_rework import ReworkCase

STOCK_USER = "stock.group_stock_user"


@tagged("post_install", "-at_install")
class TestRepair(ReworkCase):
    """Rework by repair orders, where Repairs is installed."""

    def setUp(self):
        super().setUp()
        if "repair.order" not in self.env:
            self.skipTest("Repairs isn't installed")
        # Repairs belongs to Inventory's users
        self.mender = self._make_user("qms_mender", STOCK_USER)

    def _repair(self, row):
        repair = row._get_repair().with_user(self.mender)
        repair.action_repair_start()
        repair.action_repair_end()
        return repair

    def test_part_of_a_lot(self):
        """What was repaired becomes a lot of its own, held until it was tested."""
        self._buy(10, price=4, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 6, lot, "repair")
        repair = row._get_repair()
        self.assertEqual((repair.state, repair.lot_id), ("confirmed", lot))
        self._repair(row)
        self.assertEqual((repair.state, row.state), ("done", "done"))
        child = row.child_lot_id
        self.assertEqual(child.parent_lot_id, lot)
        self.assertEqual(self._quantity(self.stock, child), 6)
        self.assertEqual(self._quantity(self.stock, lot), 4)
        self.assertEqual(child.standard_price, lot.standard_price)
        self.assertEqual(case._get_held_quants().lot_id, lot)
        test = case.order_ids
        self.assertEqual((test.lot_ids, test.quantity), (child, 6))
        self.assertEqual(child.inspection_status_id, self.under_inspection)
        self._pass(test)
        self._deliver(child)
        with self.assertRaisesRegex(UserError, "L1"):
            self._deliver(lot)

    def test_serial(self):
        """A serial number is repaired elsewhere and stays what it is."""
        sensor = self._make_product("Sensor", "serial", categ_id=self.average.id)
        self._buy(1, price=10, lots=["S1"], product=sensor)
        serial = self._lot("S1", sensor)
        case = self._open_case(serial)
        row = self._rework(case, 1, serial, "repair", location_dest_id=self.shelf.id)
        self._repair(row)
        self.assertEqual(row.state, "done")
        self.assertEqual(self._quantity(self.shelf, serial), 1)
        self.assertFalse(case._get_held_quants())
        self._pass(case.order_ids)
        self.assertEqual(serial.inspection_status_id, self.available)

    def test_untracked(self):
        """Goods without a lot are repaired to a place of their own, and held there."""
        box = self._make_product("Box", "none", categ_id=self.average.id)
        self._buy(10, product=box)
        case = self._open_case(product_id=box.id)
        self._hold(product=box, location=self.stock)._hand_over(case, "Test")
        other = self._make_location("Mended", self.warehouse.view_location_id)
        row = self._rework(case, 4, None, "repair", location_dest_id=other.id)
        self._repair(row)
        self.assertEqual(row.state, "done")
        self.assertEqual(self._quantity(other, product=box), 4)
        self.assertEqual(case.undisposed_quantity, 6)
        self._pass(case.order_ids)
        quant = self.env["stock.quant"]._gather(box, other)
        self.assertEqual(quant.inspection_status_id, self.available)

    def test_cancelled(self):
        """A repair that is cancelled leaves the goods held."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 6, lot, "repair")
        repair = row._get_repair().with_user(self.mender)
        repair.action_repair_cancel()
        self.assertEqual(row.state, "approved")
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        case.with_user(self.inspector).action_execute()
        self._repair(row)
        self.assertEqual(row.state, "done")

    def test_other_goods_in_its_name(self):
        """Nothing else is repaired in the name of a disposition."""
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 6, lot, "repair")
        repair = row._get_repair()
        repair.with_user(self.mender).product_qty = 10
        with self.assertRaises(UserError) as refusal:
            self._repair(row)
        place, dest = row.location_id, row._get_output_place()
        self.assertEqual(
            str(refusal.exception),
            f"{repair.name} repairs what {row.display_name} decided, and nothing else:"
            f" 6 Units, from {place.display_name} to {dest.display_name}.",
        )


@tagged("post_install", "-at_install")
class TestNoRepair(ReworkCase):
    """Without Repairs there is no rework by it."""

    def test_refused(self):
        if "repair.order" in self.env:
            self.skipTest("Repairs is installed")
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        self._propose(case, "rework", 6, lot, rework_way="repair")
        with self.assertRaisesRegex(UserError, "Repairs isn't installed"):
            case.with_user(self.inspector).action_submit()
