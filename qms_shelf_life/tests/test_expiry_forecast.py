from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.qms_quality.models.sentinel import trusted
from odoo.addons.qms_shelf_life.models.look_ahead import expiry_forecast_cron

from .common_look_ahead import LookAheadCase


@tagged("post_install", "-at_install")
class TestExpiryForecast(LookAheadCase):
    """What orders and use will not take before the sell-by day."""

    def test_without_demand_all_is_at_risk(self):
        lot = self._make_dated_lot("A", 10, quantity=30)
        self.assertEqual(self._risk(lot), [30])
        row = self._rows(lot)
        self.assertEqual((row.status, row.at_risk_value), ("at_risk", 60))

    def test_orders(self):
        """Orders take the first lot until its sell-by day, then the next."""
        first = self._make_dated_lot("A", 10, quantity=30)
        second = self._make_dated_lot("B", 20, quantity=30)
        self._order(20, days=5)
        self._order(25, days=15)
        self.assertEqual(self._risk(first, second), [10, 5])
        first.qms_sell_by_date = self.today + timedelta(days=3)
        # on day 5 the first lot may not be sold any more
        self.assertEqual(self._risk(first, second), [30, 0])

    def test_average_use(self):
        """Fourteen a week out of the last four: two a day."""
        lot = self._make_dated_lot("A", 9, quantity=100)
        for days in (1, 8, 20):
            self._deliver(lot, 20, days_ago=days)
        picking = self._deliver(lot, 4, days_ago=27)
        self._take_back(picking, 8).move_ids.move_line_ids.date -= timedelta(days=2)
        # too long ago, and today
        self._deliver(lot, 10, days_ago=40)
        self._deliver(lot, 2)
        # 56 in 28 days; 32 left, of which ten days take 20
        self.assertEqual(sum(self._rows(lot).mapped("quantity")), 32)
        self.assertEqual(self._risk(lot), [12])
        self.company.qms_use_weeks = 8
        # 66 in 56 days
        self.assertAlmostEqual(self._risk(lot)[0], 32 - 66 / 56 * 10, 2)

    def test_orders_are_part_of_the_use(self):
        """What is ordered is no use on top of the average."""
        lot = self._make_dated_lot("A", 9, quantity=100)
        self._deliver(lot, 28, days_ago=3)
        self._order(6, days=2)
        self.assertEqual(self._risk(lot), [62])
        self._order(24, days=4)
        self.assertEqual(self._risk(lot), [42])

    def test_what_counts_as_demand(self):
        """Moves inside the warehouse take nothing; consumption and transfers do."""
        lot = self._make_dated_lot("A", 10, quantity=50)
        inside = self._picking("internal", 50, self.milk, dest=self.shelf)
        inside.action_confirm()
        self.assertEqual(self._risk(lot), [50])
        other = self.env["stock.warehouse"].create({"name": "Depot", "code": "DEPOT"})
        for number, dest in (
            (5, other.lot_stock_id),
            (7, self.milk.property_stock_production),
            (3, self.env.ref("stock.stock_location_suppliers")),
        ):
            move = self._picking("internal", number, self.milk, dest=dest)
            move.action_confirm()
        self.assertEqual(self._risk(lot), [35])

    def test_held_goods(self):
        """Lots that may not be delivered serve nobody; those under inspection will."""
        bad = self._make_dated_lot("A", 10, quantity=20)
        good = self._make_dated_lot("B", 12, quantity=20)
        self._order(20, days=1)
        self.assertEqual(self._risk(bad, good), [0, 20])
        self._hold(self.rejected, lot=bad)
        self.assertEqual(self._risk(bad, good), [20, 0])
        self.env["qms.hold"].search([("lot_id", "=", bad.id)])._release("Checked")
        self._hold(self.under_inspection, lot=bad)
        self.assertEqual(self._risk(bad, good), [0, 20])

    def test_warehouses_apart(self):
        """What one warehouse needs takes nothing of another's stock."""
        other = self.env["stock.warehouse"].create({"name": "Depot", "code": "DEPOT"})
        lot = self._make_dated_lot("A", 10, quantity=20)
        self._stock_up(20, lot, other.lot_stock_id)
        self._order(15, days=1)
        self._risk(lot)
        found = {
            row.warehouse_id: row.at_risk_quantity for row in self._rows(lot).sudo()
        }
        self.assertEqual(found, {self.warehouse: 5, other: 20})

    def test_calendar(self):
        """Late at night further west, an order of tomorrow comes in time."""
        lot = self._make_dated_lot("A", 3, quantity=10)
        self.warehouse.partner_id = self.env["res.partner"].create(
            {"name": "West", "tz": "Pacific/Honolulu"}
        )
        day = lot._qms_get_expiry_day(self.warehouse)
        lot.qms_sell_by_date = day
        order = self._order(10)
        last = self.warehouse._qms_get_day_start(day + timedelta(days=1))
        order.move_ids.date = last - timedelta(seconds=1)
        self.assertEqual(self._risk(lot), [0])
        order.move_ids.date = last
        self.assertEqual(self._risk(lot), [10])

    def test_place_comes_to_another_warehouse(self):
        """What is in a place goes with it, and is not reckoned twice."""
        lot = self._make_dated_lot("A", 10, quantity=30, location=self.shelf)
        self._order(20, days=1)
        self.assertEqual(self._risk(lot), [10])
        other = self.env["stock.warehouse"].create({"name": "Depot", "code": "DEPOT"})
        self.shelf.location_id = other.lot_stock_id
        self.assertEqual(self._risk(lot), [30])
        row = self._rows(lot)
        self.assertEqual((row.warehouse_id, row.ordered), (other, 0))
        self.assertTrue(row.date_computed)

    def test_less_stock_than_was_reckoned(self):
        """Until the next night no more is at risk than there is."""
        lot = self._make_dated_lot("A", 10, quantity=30)
        self._risk(lot)
        self._deliver(lot, 25)
        row = self._rows(lot)
        self.assertEqual((row.quantity, row.at_risk_quantity), (5, 5))

    # -- At night ----------------------------------------------------------------------

    def test_cron(self):
        """In batches; what a stopped run left is done by the next one."""
        products = [self.milk, *(self._make_cheese(number) for number in range(3))]
        lots = [self._make_dated_lot("N", 10, one, quantity=5) for one in products]
        mine = [("product_id", "in", [one.id for one in products])]
        done = []

        def progress(processed=0, *, remaining=None, deactivate=False):
            done.append((processed, remaining))
            return 0 if len(done) == 2 else 100

        self._ignore_other_stock(products)
        self.patch(
            self.env.registry["ir.cron"],
            "_commit_progress",
            lambda _self, *args, **named: progress(*args, **named),
        )
        self.forecasts._cron_compute(limit=2)
        self.assertEqual(done, [(0, 4), (2, 2)])
        self.assertEqual(self.forecasts.search_count(mine), 2)
        self.forecasts._cron_compute(limit=2)
        self.assertEqual(done[2:], [(0, 2), (2, 0)])
        self.assertEqual(
            sum(row.at_risk_quantity for row in self._rows(*lots)), 5 * len(lots)
        )
        # nothing is left for this night
        self.forecasts._cron_compute(limit=2)
        self.assertEqual(done[4:], [(0, 0)])

    def _make_cheese(self, number):
        return self._make_product(f"Cheese {number}", use_expiration_date=True)

    def _ignore_other_stock(self, products):
        """Take the demo's goods as reckoned already."""
        pairs = set(self.forecasts._find_due(fields.Datetime.now()))
        others = {pair for pair in pairs if pair[0] not in {one.id for one in products}}
        trusted(self.forecasts._make(others)).date_computed = fields.Datetime.now()

    def test_many_are_done_in_the_background(self):
        lot = self._make_dated_lot("A", 10, quantity=5)
        with patch.object(expiry_forecast_cron, "AT_ONCE", 0):
            action = self._rows(lot).action_compute()
        self.assertEqual(action["tag"], "display_notification")
        self.assertFalse(self._rows(lot).at_risk_quantity)
        cron = self.env.ref("qms_shelf_life.ir_cron_expiry_forecast")
        self.assertTrue(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        )

    def test_queries(self):
        """Ten products take as many queries as one, but for writing what is found."""
        products = [self._make_cheese(number) for number in range(10)]
        for product in products:
            for number in range(3):
                self._make_dated_lot(f"Q{number}", 10 + number, product, quantity=5)
        self.env.flush_all()
        counts = []
        # the first one fills caches
        for some in (products[:2], products[:2], products):
            pairs = {(one.id, self.warehouse.id) for one in some}
            trusted(self.forecasts._make(pairs)).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.forecasts._make(pairs)._compute_risk()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])

    def test_written_by_the_system_only(self):
        lot = self._make_dated_lot("A", 10, quantity=5)
        self._risk(lot)
        forecast = self.forecasts.search([("product_id", "=", self.milk.id)])
        text = "Goods at risk are reckoned by the system only."
        own = forecast.with_context(qms_sentinel=True)
        for call in (
            lambda: own.sudo().write({"daily_use": 5}),
            lambda: own.sudo().line_ids.write({"quantity": 0}),
            lambda: own.sudo().line_ids.unlink(),
            lambda: own.copy(),
        ):
            with self.assertRaisesRegex(AccessError, text):
                call()
        with self.assertRaises(AccessError):
            forecast.with_user(self.keeper).write({"daily_use": 5})
