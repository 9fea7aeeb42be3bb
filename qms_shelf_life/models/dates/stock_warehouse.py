from datetime import UTC, datetime, time

from odoo import fields, models

LAST = time(23, 59, 59, fold=1)


class StockWarehouse(models.Model):
    """The calendar of a warehouse. Shelf life is counted in its days."""

    _inherit = "stock.warehouse"

    def _qms_get_day(self, moment=None):
        """Return the day of a moment in this warehouse.

        :param datetime moment: in UTC, as Odoo stores it; now if empty
        :return: ``date``
        """
        moment = moment or fields.Datetime.now()
        zone = self._qms_get_zone_info()
        try:
            return moment.replace(tzinfo=UTC).astimezone(zone).date()
        except OverflowError:  # the first and the last day of the calendar
            return moment.date()

    def _qms_get_day_start(self, day):
        """Return the moment in UTC at which a day begins in this warehouse.

        :param date day: of the warehouse's calendar
        :return: naive ``datetime``; the first moment that belongs to that day
        """
        return self._qms_get_moment(day, time.min)

    def _qms_get_expiry_moment(self, day):
        """Return the moment in UTC that stands for a day of expiry.

        The last one of that day which is that day in UTC too: Odoo prints dates on
        labels as they are in UTC, and takes goods for expired once the moment is past.

        :param date day: of the warehouse's calendar
        :return: naive ``datetime``
        """
        return min(
            self._qms_get_moment(day, LAST),
            datetime.combine(day, LAST.replace(fold=0)),
        )

    def _qms_get_moment(self, day, clock):
        local = datetime.combine(day, clock, self._qms_get_zone_info())
        try:
            return local.astimezone(UTC).replace(tzinfo=None)
        except OverflowError:  # the first and the last day of the calendar
            return local.replace(tzinfo=None, fold=0)
