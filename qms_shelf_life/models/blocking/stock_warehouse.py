from datetime import datetime, timedelta

from odoo import models


class StockWarehouse(models.Model):
    """From which moment on expiry dates are late enough."""

    _inherit = "stock.warehouse"

    def _qms_get_expiry_limit(self, day, days=0):
        """Return the first moment of expiry that is late enough to use goods on a day.

        :param date day: of this warehouse's calendar
        :param int days: how many days before its expiry day a lot is blocked already;
            0: it may be used up to and including that day
        :return: naive ``datetime`` in UTC: what expires earlier is blocked
        """
        try:
            return self._qms_get_day_start(day + timedelta(days=days and days + 1))
        except OverflowError:
            # nothing expires after the end of the calendar
            return datetime.max
