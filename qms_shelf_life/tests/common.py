from datetime import timedelta

from odoo import fields

from odoo.addons.qms_quality.tests.common import STOCK_USER, QmsCase

SHELF_LIFE_MANAGER = "qms_shelf_life.group_shelf_life_manager"


class ShelfLifeCase(QmsCase):
    """Goods with dates. ``cls.milk`` keeps 30 days; ``cls.keeper`` keeps the rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls._make_product(
            "Fresh Milk", use_expiration_date=True, expiration_time=30
        )
        cls.keeper = cls._make_user("qms_keeper", STOCK_USER, SHELF_LIFE_MANAGER)
        cls.today = cls.warehouse._qms_get_day()

    @classmethod
    def _make_dated_lot(cls, name, days, product=None, quantity=0, location=None):
        """Return a lot that expires in so many days, at noon, with stock."""
        day = cls.today + timedelta(days=days)
        noon = cls.warehouse._qms_get_day_start(day) + timedelta(hours=12)
        lot = cls.env["stock.lot"].create(
            {
                "name": name,
                "product_id": (product or cls.milk).id,
                "expiration_date": fields.Datetime.to_string(noon),
            }
        )
        if quantity:
            cls._stock_up(quantity, lot, location)
        return lot
