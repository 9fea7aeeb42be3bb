from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_qms_open_expiry(self):
        """Show what of these products expires when.

        :return: action
        """
        return self.env["qms.expiry.report"]._get_action("product_tmpl_id", self)
