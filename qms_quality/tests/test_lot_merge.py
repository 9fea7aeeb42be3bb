from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestLotMerge(QmsCase):
    """Lots of one product that nothing is known against become one."""

    def setUp(self):
        super().setUp()
        self.one = self._make_lot("L1")
        self.two = self._make_lot("L2")
        self._stock_up(10, self.one)
        self._stock_up(5, self.two)
        self._stock_up(3, self.two, self.shelf)

    def _merge(self, lots=None, user=None):
        lots = lots or self.one | self.two
        wizard = (
            self.env["qms.lot.merge"]
            .with_user(user or self.clerk)
            .create({"lot_ids": [(6, 0, lots.ids)], "target_lot_id": self.one.id})
        )
        return wizard.action_merge()

    def test_merge(self):
        self._merge()
        self.assertEqual(self._quantity(self.stock, self.one), 15)
        self.assertEqual(self._quantity(self.shelf, self.one), 3)
        self.assertEqual(self.two.product_qty, 0)
        self.assertEqual(self.two.merged_lot_id, self.one)

    def test_earliest_dates_stay(self):
        if "expiration_date" not in self.one._fields:
            self.skipTest("product_expiry is not installed")
        self.product.use_expiration_date = True
        self.one.expiration_date = "2030-06-01 00:00:00"
        self.two.expiration_date = "2030-03-01 00:00:00"
        self._merge()
        self.assertEqual(str(self.one.expiration_date), "2030-03-01 00:00:00")

    def test_held_and_recorded_lots_are_refused(self):
        message = "These lots are held or have quality records and can't be merged: L2."
        hold = self._hold(lot=self.two, location=self.shelf)
        for _state in ("held", "released"):
            with self.assertRaises(UserError) as caught:
                self._merge()
            self.assertEqual(str(caught.exception), message)
            hold._release("ok")

    def test_untracked_hold_of_the_place(self):
        self._hold(product=self.product, location=self.shelf)
        with self.assertRaisesRegex(UserError, "can't be merged: L2"):
            self._merge()

    def test_other_product(self):
        other = self._make_lot("L3", self._make_product("Cream"))
        with self.assertRaises(UserError) as caught:
            self._merge(self.one | other)
        self.assertEqual(
            str(caught.exception),
            "Only lots of one product, tracked by lots, and of one company can be"
            " merged: L1, L3.",
        )

    def test_single_lot(self):
        with self.assertRaises(UserError) as caught:
            self._merge(self.one)
        self.assertEqual(str(caught.exception), "Choose two or more lots to merge.")

    def test_rights(self):
        with self.assertRaises(AccessError):
            self._merge(user=self.inspector)
        with self.assertRaises(AccessError):
            self.two.with_user(self.clerk).write({"merged_lot_id": self.one.id})
