from datetime import datetime, timedelta
from itertools import permutations

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_minimum import MinimumCase

# The 11th of June in Auckland, still the 10th in Honolulu.
NOW = datetime(2027, 6, 10, 13)
# the 20th in both
EXPIRY = "2027-06-20 11:00:00"


@tagged("post_install", "-at_install")
class TestMinimumZones(MinimumCase):
    """Deliveries of an eastern and a western warehouse are posted in one click."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.west = cls.warehouse
        cls.east = cls.env["stock.warehouse"].create({"name": "East", "code": "EAST"})
        for warehouse, zone in (
            (cls.west, "Pacific/Honolulu"),
            (cls.east, "Pacific/Auckland"),
        ):
            partner = {"name": warehouse.name, "tz": zone}
            warehouse.partner_id = cls.env["res.partner"].create(partner)
            lot = cls._make_lot(warehouse.code, cls.milk)
            lot.expiration_date = EXPIRY
            cls._stock_up(10, lot, warehouse.lot_stock_id)

    def _sell_both(self):
        """Return a delivery of each, reserved the day before, when both would do."""
        deliveries = self.env["stock.picking"].with_user(self.clerk)
        with freeze_time(NOW - timedelta(days=1)):
            for warehouse in (self.west, self.east):
                order = self._quote(4, product=self.milk)
                order.sudo().warehouse_id = warehouse
                order.action_confirm()
                deliveries |= order.sudo().picking_ids.with_user(self.clerk)
        self.assertEqual(self._taken(deliveries), {self.west.code: 4, "EAST": 4})
        return deliveries

    def _check_refused(self, deliveries):
        """Only what lies in the east is too short, whichever comes first."""
        for both in permutations(deliveries):
            with freeze_time(NOW), self.assertRaises(UserError) as refused:
                deliveries.browse(one.id for one in both).button_validate()
            self.assertIn("Fresh Milk · EAST", str(refused.exception))
            self.assertIn("9 days left", str(refused.exception))
            self.assertNotIn(f"Fresh Milk · {self.west.code}", str(refused.exception))

    def test_what_a_card_asks(self):
        self._card_of(self.fresh, self._left("10D"))
        self._check_refused(self._sell_both())

    def test_sales_minimum(self):
        self.milk.qms_sales_min_shelf_life = "10D"
        self.company.qms_sales_minimum = "blocked"
        self._check_refused(self._sell_both())

    def test_what_is_recorded(self):
        self.milk.qms_sales_min_shelf_life = "10D"
        self.company.qms_sales_minimum = "recorded"
        for partner_asks in (False, True):
            if partner_asks:
                self._card_of(self.fresh, self._left("10D", "recorded"))
            deliveries = self._sell_both()
            with freeze_time(NOW):
                deliveries.browse(reversed(deliveries.ids)).button_validate()
            self.assertEqual(set(deliveries.mapped("state")), {"done"})
            found = self._deviations(picking_id=deliveries.ids)
            self.assertEqual(found.lot_id.name, "EAST")
            self.assertEqual(bool(found.criterion_id), partner_asks)
