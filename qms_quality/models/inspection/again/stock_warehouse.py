from zoneinfo import ZoneInfo

from odoo import models


class StockWarehouse(models.Model):
    """In which time zone days are counted."""

    _inherit = "stock.warehouse"

    def _qms_get_zone_info(self):
        """Return the time zone of this warehouse, whoever asks."""
        company = self.company_id or self.env.company
        return ZoneInfo(
            self.partner_id.tz
            or company.resource_calendar_id.tz
            or company.partner_id.tz
            or "UTC"
        )
