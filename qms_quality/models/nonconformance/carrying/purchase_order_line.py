from odoo import models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _qms_get_owed_quantity(self):
        """Return what the vendor may bill, now that goods went back."""
        self.ensure_one()
        if self.product_id.purchase_method != "purchase":
            return self.qty_received
        back = self.move_ids.filtered(
            lambda move: (
                move.state == "done" and move.to_refund and move._is_purchase_return()
            )
        )
        unit = self.product_uom_id
        return self.product_qty - sum(
            move.product_uom._compute_quantity(move.quantity, unit) for move in back
        )

    def _qms_get_billed_quantity(self):
        """Return what was billed and not credited: drafts of credits count, of bills
        they don't, since those can still be changed."""
        self.ensure_one()
        quantity = 0.0
        for line in self.invoice_lines:
            move, unit = line.move_id, line.product_uom_id
            amount = unit._compute_quantity(line.quantity, self.product_uom_id)
            if move.move_type == "in_invoice" and move.state == "posted":
                quantity += amount
            elif move.move_type == "in_refund" and move.state != "cancel":
                quantity -= amount
        return quantity

    def _qms_get_bill_line(self):
        """Return the latest posted bill line: its price is what was paid."""
        return self.invoice_lines.filtered(
            lambda line: (
                line.move_id.state == "posted" and line.move_type == "in_invoice"
            )
        ).sorted(lambda line: (line.date, line.id))[-1:]
