from datetime import UTC, datetime, time

from odoo import fields, models


class StockWarehouse(models.Model):
    """The calendar of a warehouse. Shelf life is counted in its days."""

    _inherit = "stock.warehouse"

    def _qms_get_day(self, moment=None):
        """Return the day of a moment in this warehouse.

        :param datetime moment: in UTC, as Odoo stores it; now if empty
        :return: ``date``
        """
        moment = moment or fields.Datetime.now()
        return moment.replace(tzinfo=UTC).astimezone(self._qms_get_zone_info()).date()

    def _qms_get_day_start(self, day):
        """Return the moment in UTC at which a day begins in this warehouse.

        :param date day: of the warehouse's calendar
        :return: naive ``datetime``; the first moment that belongs to that day
        """
        local = datetime.combine(day, time.min, self._qms_get_zone_info())
        return local.astimezone(UTC).replace(tzinfo=None)
