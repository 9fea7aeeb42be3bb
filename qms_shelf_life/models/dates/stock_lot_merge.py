from odoo import models


class StockLot(models.Model):
    """Which dates a lot has into which others were merged."""

    _inherit = "stock.lot"

    def _qms_get_merge_policy(self):
        """Return whether merged lots take the earliest or latest date, or who asks."""
        product = self.product_id[:1]
        return (
            product.product_tmpl_id._qms_get_shelf_life("qms_merge_dates")
            or self[:1]._qms_get_company().sudo().qms_merge_dates
        )

    def _qms_get_merged_dates(self, choice=None):
        """Return the dates of what these lots become.

        :param str choice: ``earliest`` or ``latest``, what a person chose; it counts
            where the policy is to ask
        """
        policy = self._qms_get_merge_policy()
        if "latest" not in (policy, policy == "ask" and choice):
            return super()._qms_get_merged_dates(choice)
        dates = {}
        for lot in self:
            for name, value in lot._qms_get_dates().items():
                if value:
                    dates[name] = max(value, dates.get(name, value))
        return dates
