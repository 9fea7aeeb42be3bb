from collections import defaultdict

from odoo import models


class AccountMove(models.Model):
    """A vendor's credit note that is posted lowers what its cases cost."""

    _inherit = "account.move"

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals:
            # sudo: who keeps the books need not be allowed to read cases
            refunds = self.sudo().filtered(lambda one: one.move_type == "in_refund")
            returned = refunds._qms_get_returned()
            if returned:
                returned._record_credits(returned.refund_ids & refunds)
        return res

    def _qms_get_returned(self):
        """Return the dispositions whose goods these credit notes are for."""
        rows = self.env["qms.disposition"]
        return rows.search([("refund_ids", "in", self.ids)]) if self else rows

    def _qms_split_credit(self):
        """Return how much of this credit each disposition's goods are credited with.

        Without taxes. What is no line of an order, such as freight, goes with the rest.

        :return: ``{qms.disposition: amount}``, in the currency of its company
        """
        self.ensure_one()
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        amounts, weight = defaultdict(float), 0.0
        for line in lines:
            for row, share in self._qms_get_returned_shares(line).items():
                amounts[row] -= line.balance * share
                weight -= line.balance * share
        total = -sum(lines.mapped("balance"))
        factor = total / weight if weight else 0.0
        split, left = {}, self.company_currency_id.round(total if weight else 0.0)
        for row in sorted(amounts, key=lambda one: one.id):
            split[row] = self.company_currency_id.round(amounts[row] * factor)
            left -= split[row]
        if split:
            # cents are lost to nobody
            split[row] += left
        return {row: self._qms_convert_credit(row, split[row]) for row in split}

    def _qms_convert_credit(self, row, amount):
        return self.company_currency_id._convert(
            amount, row.company_id.currency_id, row.company_id, self.date
        )

    def _qms_get_returned_shares(self, line):
        """Return which part of a line each disposition sent back: ``{row: share}``."""
        quantities = defaultdict(float)
        for row in self._qms_get_returned() if line.purchase_line_id else ():
            for move in row.move_ids:
                if (
                    move.state == "done"
                    and move.purchase_line_id == line.purchase_line_id
                ):
                    quantities[row] += move.product_qty
        total = sum(quantities.values())
        shares = {row: quantity / total for row, quantity in quantities.items()}
        return defaultdict(float, shares)
