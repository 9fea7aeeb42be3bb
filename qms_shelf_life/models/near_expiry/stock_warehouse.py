from datetime import timedelta

from odoo import fields, models

from .near_window import get_last_near_day


class StockWarehouse(models.Model):
    """What happens to goods of a warehouse that come near their date."""

    _inherit = "stock.warehouse"

    qms_near_expiry_mode = fields.Selection(
        [
            ("off", "Are listed only"),
            ("hold", "Are held where they are"),
            ("transfer", "Are held, and sent to the quarantine zone"),
        ],
        string="Goods near their Date",
        required=True,
        default="off",
        help="Until it is decided what becomes of them. The transfer to the quarantine"
        " zone is made and reserved; somebody validates it.",
    )

    def _qms_get_near_limits(self, texts):
        """Return the moment before which a lot must expire to be near today.

        :param texts: date formulas
        :return: ``{text: naive datetime in UTC}``
        """
        self.ensure_one()
        today, limits = self._qms_get_day(), {}
        for text in texts:
            last = get_last_near_day(text, today)
            # the calendar has no day after its last one
            following = last + timedelta(days=last.year < 9999)
            limits[text] = self._qms_get_day_start(following)
        return limits
