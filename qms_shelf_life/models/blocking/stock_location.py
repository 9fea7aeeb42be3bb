from odoo import models


class StockLocation(models.Model):
    """By which calendar the dates of goods are judged."""

    _inherit = "stock.location"

    def _qms_get_calendar(self, company):
        """Return the warehouse whose days count for goods in this place.

        :param company: ``res.company`` of the goods, whose days count outside of any
            warehouse: in transit, at a vendor's
        :return: ``stock.warehouse`` in sudo and of that company; may be empty
        """
        # sudo: the calendar is the same, whoever asks
        warehouse = self.sudo().warehouse_id
        return warehouse.with_company(warehouse.company_id or company)
