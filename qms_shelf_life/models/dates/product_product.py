from odoo import models


class ProductProduct(models.Model):
    """What the rules of a product say for its variants."""

    _inherit = "product.product"

    def action_qms_recompute_sell_by(self):
        """See ``product.template``.

        :return: action
        """
        return self.product_tmpl_id.action_qms_recompute_sell_by()

    def _qms_is_dated_by_rule(self):
        """Tell whether a rule of product or category says when goods expire."""
        return bool(self.use_expiration_date and self.product_tmpl_id._qms_is_ruled())
