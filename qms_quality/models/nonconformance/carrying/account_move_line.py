from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _qms_prepare_refund_line(self, quantity):
        """Return the values of the line that takes back a quantity of this bill line.

        :param float quantity: in the purchase line's unit
        """
        line = self.purchase_line_id
        return {
            **line._prepare_account_move_line(),
            "quantity": quantity,
            "price_unit": self.product_uom_id._compute_price(
                self.price_unit, line.product_uom_id
            ),
            "discount": self.discount,
            "tax_ids": [(6, 0, self.tax_ids.ids)],
            "account_id": self.account_id.id,
            "analytic_distribution": self.analytic_distribution,
        }
