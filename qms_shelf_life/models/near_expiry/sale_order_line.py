from odoo import models


class SaleOrderLine(models.Model):
    """Lines of a special sale deliver the goods that were decided about."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "qms.expiry.carrying.mixin"]

    def unlink(self):
        # sudo: who sells need not be allowed to read decisions
        decisions = self.sudo().qms_expiry_decision_id
        res = super().unlink()
        decisions._settle()
        return res
