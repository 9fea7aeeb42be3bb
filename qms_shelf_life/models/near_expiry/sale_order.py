from odoo import api, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """What is not sold after all is decided on again."""

    _inherit = "sale.order"

    def _action_cancel(self):
        res = super()._action_cancel()
        # sudo: who sells need not be allowed to read decisions
        self.sudo().order_line.qms_expiry_decision_id._settle()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_released(self):
        """Keep the orders for which lots were released before their expiry."""
        # sudo: see above
        releases = self.env["qms.expiry.release"].sudo()
        orders = releases.search([("sale_order_id", "in", self.ids)]).sale_order_id
        if orders:
            raise UserError(
                self.env._(
                    "Goods near their date were released for these orders, which tell"
                    " what became of them: %(orders)s. Cancel them instead.",
                    orders=", ".join(orders.mapped("name")),
                )
            )
