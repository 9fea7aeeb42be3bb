from odoo import models


class SaleOrderLine(models.Model):
    """A quotation doesn't promise what is too short for the sales minimum."""

    _inherit = "sale.order.line"

    def _qms_get_fit_domain(self, copy, day):
        fits = super()._qms_get_fit_domain(copy, day)
        # sudo: a setting, for everyone
        departure = self.company_id.sudo().qms_sales_minimum
        if departure != "blocked" or not self.product_id.use_expiration_date:
            return fits
        if copy.criterion_ids._qms_asks_shelf_life():
            return fits
        minimum = self.product_id._qms_get_sales_minimum(departure)
        return fits & minimum._qms_get_quant_domain(date=day) if minimum else fits
