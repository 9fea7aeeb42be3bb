from odoo import models


class ProductProduct(models.Model):
    """The shelf life that goods have left when they are delivered to anybody."""

    _inherit = "product.product"

    def _qms_get_sales_minimum(self, departure):
        """Return the product's sales minimum as a criterion, empty where it has none.

        :param str departure: what happens to goods that don't meet it
        :return: ``qms.qrs.document.criterion`` of no order, in sudo
        """
        self.ensure_one()
        criteria = self.env["qms.qrs.document.criterion"].sudo()
        formula = self.product_tmpl_id._qms_get_shelf_life("qms_sales_min_shelf_life")
        if not formula:
            return criteria
        return criteria.new(
            {
                "kind": "min_shelf_life",
                "shelf_life_basis": "remaining",
                "shelf_life_formula": formula,
                "departure": departure,
            }
        )
