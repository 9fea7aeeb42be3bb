from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged

from .expiry_case import ExpiryCase


@tagged("post_install", "-at_install")
class TestExpiryCalendar(ExpiryCase):
    """The day changes in the zone of the warehouse where the goods are."""

    # -- The change of day -------------------------------------------------------------

    def test_change_of_day(self):
        """No scheduled action runs: the gate looks at the calendar itself."""
        zones = {
            "UTC": "2026-11-13 00:00:00",
            "Pacific/Kiritimati": "2026-11-12 10:00:00",  # 14 hours ahead
            "Pacific/Pago_Pago": "2026-11-13 11:00:00",  # 11 hours behind
            "America/New_York": "2026-11-13 05:00:00",
            "Asia/Kathmandu": "2026-11-12 18:15:00",
        }
        lot = self._make_dated_lot("EDGE", 1)
        for zone, midnight in zones.items():
            with self.subTest(zone):
                self._zone(zone)
                change = fields.Datetime.to_datetime(midnight)
                # in the last minute of 12 November there
                self._expire_at(lot, change - timedelta(minutes=1))
                for moment, expected in (
                    (change - timedelta(seconds=1), False),
                    (change, True),
                ):
                    self.assertEqual(self._is_refused(lot, moment), expected, moment)
                self._expire_at(lot, change)
                self.assertFalse(self._is_refused(lot, change))

    def _expire_at(self, lot, moment):
        """Let a lot expire; core removes it from stock later, if at all."""
        lot.write(
            {"expiration_date": moment, "removal_date": "2030-01-01", "use_date": False}
        )
        lot.removal_date = "2030-01-01"

    def _is_refused(self, lot, moment):
        """Tell whether reservation and posting refuse a lot, and agree."""
        with freeze_time(moment), self.env.cr.savepoint() as savepoint:
            self._stock_up(5, lot)
            picking = self._picking("outgoing", 4, product=self.milk)
            picking.move_ids.date = moment
            picking.action_confirm()
            reserved = bool(self._reserved(picking.move_ids))
            self._force_line(picking.move_ids, lot)
            posted = True
            try:
                picking.with_context(skip_expired=True).button_validate()
            except UserError:
                posted = False
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        self.assertEqual(reserved, posted)
        return not posted

    def test_summer_time(self):
        """The day that clocks go forward has 23 hours, and is a day."""
        self._zone("Europe/Berlin")
        lot = self._make_dated_lot("EDGE", 1)
        self._expire_at(lot, "2026-03-29 21:59:00")
        self.assertFalse(self._is_refused(lot, datetime(2026, 3, 29, 21, 59, 59)))
        self.assertTrue(self._is_refused(lot, datetime(2026, 3, 29, 22, 0)))

    def test_a_lot_in_two_zones(self):
        """What is tomorrow's in the east may still go today in the west."""
        self._zone("Pacific/Kiritimati", self.depot)
        self._zone("Pacific/Pago_Pago")
        with freeze_time("2026-11-12 10:30:00"):
            lot = self._make_dated_lot("EDGE", 1)
            self._expire_at(lot, "2026-11-12 09:00:00")
            self._stock_up(5, lot)
            self._stock_up(5, lot, self.depot.lot_stock_id)
            west, east = (
                self.env["stock.quant"]._gather(self.milk, place, lot_id=lot)
                for place in (self.stock, self.depot.lot_stock_id)
            )
            self.assertEqual((west.available_quantity, east.available_quantity), (5, 0))
            gate = self.env["stock.quant"]._qms_gate_domain(
                "delivery", product=self.milk, location=self.env["stock.location"]
            )
            found = (west | east).search(gate & Domain("lot_id", "=", lot.id))
            self.assertEqual(found, west)
            self.assertEqual((west | east).filtered_domain(gate), west)
            self.assertIn(lot.id, self.env["stock.lot"]._qms_find_expired())
            lot._qms_hold_expired()
            self.assertFalse(lot.qms_hold_ids, "not expired in the west yet")
        with freeze_time("2026-11-12 11:00:00"):
            lot._qms_hold_expired()
            self.assertEqual(lot.inspection_status_id, self.status_expired)
