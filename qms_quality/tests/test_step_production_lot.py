from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_step_production import StepProductionCase


@tagged("post_install", "-at_install")
class TestStepProductionLot(StepProductionCase):
    """Lots that are made while their quality order is open."""

    # -- Lots --------------------------------------------------------------------------

    def _track_cheese(self):
        self.cheese.tracking = "lot"
        return [self._make_lot(name, self.cheese) for name in ("C1", "C2")]

    def _close_with(self, production, lot):
        production.lot_producing_ids = lot
        production.qty_producing = 10
        self._close(production)
        self.assertEqual(production.state, "done")

    def test_lot_typed_after_the_order_was_made(self):
        first, second = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self.assertFalse(order.lot_ids)
        production.lot_producing_ids = first
        self.assertEqual(order.lot_ids, first)
        self.assertFalse(self._held(order))
        production.lot_producing_ids = second
        self.assertEqual(order.lot_ids, second)
        production.action_clear_lot_producing_ids()
        self.assertFalse(order.lot_ids)
        production.action_generate_serial()
        self.assertTrue(order.lot_ids)
        self.assertEqual(order.lot_ids, production.sudo().lot_producing_ids)

    def test_lot_typed_after_a_reading_failed_is_held(self):
        first, second = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._fill(order, fail=True)
        self.assertFalse(self._held(order))
        nowhere = self.env["stock.location"]
        for lot in (first, second):
            production.lot_producing_ids = lot
            self.assertEqual(self._held(order), [(self.on_hold, lot, nowhere)])
        self.assertEqual(first.inspection_status_id, self.available)
        self._close_with(production, second)
        self.assertEqual(self._held(order), [(self.on_hold, second, nowhere)])
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(second.inspection_status_id, self.available)

    def test_lot_that_was_produced_stays_held(self):
        """Whatever lot is typed afterwards."""
        lot, other = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._fill(order, fail=True)
        production.lot_producing_ids = lot
        self._close_with(production, lot)
        held = self._held(order)
        self.assertEqual([one[:2] for one in held], [(self.on_hold, lot)])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            # it takes the quantity back, too: out of what is held
            production.action_clear_lot_producing_ids()
        for lots in (other.browse(), other):
            production.lot_producing_ids = lots
            self.assertEqual(self._held(order), held)

    def test_lot_in_stock_stays_held(self):
        lot, other = self._track_cheese()
        self._stock_up(5, lot)
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._fill(order, fail=True)
        production.lot_producing_ids = lot
        for lots in (other.browse(), other):
            production.lot_producing_ids = lots
            self.assertEqual(lot.inspection_status_id, self.on_hold)
        self.assertEqual({one[1] for one in self._held(order)}, {lot, other})
        production.lot_producing_ids = lot
        self.assertEqual([one[1] for one in self._held(order)], [lot])

    def test_what_was_split_off_before_it_failed_is_held(self):
        lot, _other = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._close_with(production, lot)
        self._inspect(order)
        place = production.sudo().location_dest_id
        child = lot.with_user(self.inspector)._qms_split(3, place)
        order.with_user(self.manager).action_reopen()
        self._fill(order, fail=True)
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        self.assertEqual(child.inspection_status_id, self.on_hold)

    def test_cleared_lot_stays_held(self):
        lot, other = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._fill(order, fail=True)
        production.lot_producing_ids = lot
        held = self._held(order)
        production.action_clear_lot_producing_ids()
        self.assertEqual(self._held(order), held)
        production.lot_producing_ids = other
        self.assertEqual([one[1] for one in self._held(order)], [other])

    def test_lot_made_before_its_order_has_passed_is_held(self):
        lot, _other = self._track_cheese()
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        self._close_with(production, lot)
        place = production.sudo().location_dest_id
        self.assertEqual(order.location_id, place)
        self.assertEqual(self._held(order), [(self.under_inspection, lot, place)])
        self._inspect(order)
        self.assertFalse(self._held(order))

    def test_lot_typed_after_the_verdict(self):
        """The verdict stays as it was; what has failed is held when it comes."""
        lot, other = self._track_cheese()
        rule = self._rule("production_confirmed")
        for name, fail in ((lot, True), (other, False)):
            with self.subTest(fail=fail):
                production = self._make_production()
                order = self._orders_of(rule)[-1]
                self._inspect(order, fail=fail)
                self._close_with(production, name)
                self.assertFalse(order.lot_ids)
                place = production.sudo().location_dest_id
                held = [(self.on_hold, name, place)] if fail else []
                self.assertEqual(self._held(order), held)

    def test_untracked_output_of_an_open_order_is_held(self):
        rule = self._rule("production_confirmed")
        production = self._make_production()
        order = self._orders_of(rule)
        production.qty_producing = 10
        self._close(production)
        place = production.sudo().location_dest_id
        none = self.env["stock.lot"]
        self.assertEqual(self._held(order), [(self.under_inspection, none, place)])
