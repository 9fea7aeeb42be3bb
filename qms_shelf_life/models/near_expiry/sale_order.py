from odoo import models


class SaleOrder(models.Model):
    """What is not sold after all is decided on again."""

    _inherit = "sale.order"

    def _action_cancel(self):
        res = super()._action_cancel()
        # sudo: who sells need not be allowed to read decisions
        self.sudo().order_line.qms_expiry_decision_id._settle()
        return res

    def unlink(self):
        decisions = self.sudo().order_line.qms_expiry_decision_id
        res = super().unlink()
        decisions._settle()
        return res
