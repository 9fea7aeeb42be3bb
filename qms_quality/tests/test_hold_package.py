from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestGateHoldPackage(QmsCase):
    """A hold that code places on a package covers its content, however it is packed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        package = cls.env["stock.package"]
        cls.pallet = package.create({"name": "PALLET"})
        cls.box = package.create({"name": "BOX", "parent_package_id": cls.pallet.id})
        cls.bag = package.create({"name": "BAG", "parent_package_id": cls.box.id})
        cls.lot, cls.other = cls._make_lot("P-1"), cls._make_lot("P-2")

    def _hold_pallet(self, **goods):
        return self._hold(product=self.product, package=self.pallet, **goods)

    def _get_scopes(self, holds):
        return {(hold.lot_id, hold.package_id) for hold in holds}

    def test_each_lot_is_held_in_the_package_that_contains_it(self):
        self._stock_up(3, self.lot, package=self.pallet)
        self._stock_up(4, self.lot, package=self.bag)
        self._stock_up(5, self.other, package=self.bag)
        self.assertEqual(
            self._get_scopes(self._hold_pallet()),
            {(self.lot, self.pallet), (self.lot, self.bag), (self.other, self.bag)},
        )

    def test_only_the_lot_that_is_named(self):
        self._stock_up(4, self.lot, package=self.bag)
        self._stock_up(5, self.other, package=self.box)
        self.assertEqual(
            self._get_scopes(self._hold_pallet(lot=self.lot)), {(self.lot, self.bag)}
        )

    def test_goods_in_a_nested_package_are_refused(self):
        self._stock_up(4, self.lot, package=self.bag)
        self._hold_pallet(lot=self.lot)
        picking = self._picking("outgoing", 4)
        picking.action_confirm()
        self.assertFalse(picking.move_line_ids)
        with self.assertRaises(UserError):
            self._enter_bag(picking)
        # out of its outer packages it is held all the same
        self.bag.with_user(self.clerk).parent_package_id = False
        with self.assertRaises(UserError):
            self._enter_bag(picking)

    def _enter_bag(self, picking):
        lines = self.env["stock.move.line"].with_user(self.clerk)
        with self.env.cr.savepoint():
            lines.create(
                {
                    "move_id": picking.move_ids.id,
                    "product_id": self.product.id,
                    "lot_id": self.lot.id,
                    "package_id": self.bag.id,
                    "quantity": 4,
                    "location_id": self.stock.id,
                    "location_dest_id": self.customer.id,
                }
            )

    def test_empty_package_is_held_for_what_may_come(self):
        hold = self._hold_pallet()
        self.assertEqual(self._get_scopes(hold), {(self.env["stock.lot"], self.pallet)})

    def test_goods_that_are_named_exactly_take_nothing_else(self):
        self._stock_up(3, self.lot, package=self.pallet)
        self._stock_up(4, self.lot, package=self.bag)
        values = {
            "product_id": self.product.id,
            "lot_id": self.lot.id,
            "package_id": self.pallet.id,
            "status_id": self.on_hold.id,
            "reason": "Test",
        }
        hold = self.env["qms.hold"]._place([values], exact=True)
        self.assertEqual(self._get_scopes(hold), {(self.lot, self.pallet)})
