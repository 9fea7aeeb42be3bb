from odoo import fields, models


class StockLot(models.Model):
    """Whether a lot has expired, and what was decided about it."""

    _inherit = "stock.lot"

    qms_expiry_release_ids = fields.One2many(
        "qms.expiry.release", "lot_id", string="Releases before Expiry", readonly=True
    )

    def _qms_is_expired(self, warehouse, day=None):
        """Tell whether this lot has expired on a day: its expiry day is past.

        :param warehouse: ``stock.warehouse``; may be empty, then the company's calendar
        :param date day: of the warehouse's calendar; today if empty
        """
        self.ensure_one()
        expiry = self._qms_get_expiry_day(warehouse)
        return bool(expiry) and expiry < (day or warehouse._qms_get_day())

    def _qms_is_released(self, move=None, partner=None):
        """Tell whether a decision lets this lot go in spite of the days before it."""
        self.ensure_one()
        return self in self.product_id._qms_get_released_lots(move, partner)
