from odoo import models


class StockLot(models.Model):
    """Dates of lots as days of a warehouse."""

    _inherit = "stock.lot"

    def _qms_get_expiry_day(self, warehouse):
        """Return the last day on which this lot may be used in a warehouse.

        :param warehouse: ``stock.warehouse``; may be empty, then the company's calendar
        :return: ``date``, or False where no date is known
        """
        self.ensure_one()
        date = self.expiration_date
        return date and warehouse._qms_get_day(date)
