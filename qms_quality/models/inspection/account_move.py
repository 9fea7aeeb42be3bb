from odoo import models
from odoo.fields import Domain


class AccountMove(models.Model):
    """Bills and invoices that wait for the inspection of their goods."""

    _inherit = "account.move"

    def _post(self, soft=True):
        self._qms_check_orders()
        return super()._post(soft)

    def _qms_check_orders(self):
        """Refuse to post what is billed for goods that have not passed yet.

        :raise UserError: names the quality orders
        """
        invoices = self.filtered(
            lambda move: move.move_type in ("in_invoice", "out_invoice")
        )
        if not invoices:
            return
        # sudo: an accountant need not be allowed to read transfers
        moves = invoices.sudo().line_ids._get_stock_moves()
        if not moves:
            return
        self.env["qms.quality.order"]._find_blocking(
            Domain("block_bill", "=", True)
            & (
                Domain("move_id", "in", moves.ids)
                | (
                    Domain("move_id", "=", False)
                    & Domain("picking_id", "in", moves.picking_id.ids)
                    & Domain("product_id", "in", [False, *moves.product_id.ids])
                )
            )
        )._refuse_step(", ".join(move.display_name for move in invoices))
