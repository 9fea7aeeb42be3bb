from odoo import models
from odoo.tools import format_list

from ...sentinel import trusted


class StockMove(models.Model):
    """The vendor credit notes for goods that went back."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        if self.qms_disposition_id:
            # sudo: who ships need not be allowed to read the decision, nor bills
            moves.sudo().filtered(
                lambda move: (
                    move.state == "done" and move.qms_disposition_id.kind == "return"
                )
            )._qms_prepare_refunds()
        return moves

    def _qms_prepare_refunds(self):
        """Prepare the vendor credit notes for goods that these moves took back.

        Drafts, for what was billed and is not owed any more; who keeps the books posts
        them. One for each supplier and currency.

        :return: ``account.move``
        """
        by_bill = {}
        for line, moves in self.grouped("purchase_line_id").items():
            quantity = line and moves._qms_get_refundable(line)
            if quantity:
                bill = line._qms_get_bill_line()
                key = (bill.move_id.partner_id, bill.currency_id, bill.company_id)
                by_bill.setdefault(key, []).append((bill, quantity, moves))
        refunds = self.env["account.move"]
        for rows in by_bill.values():
            refunds |= self._qms_make_refund(rows)
        self._qms_tell_unbilled(refunds)
        self.qms_disposition_id._after_shipped()
        return refunds

    def _qms_get_refundable(self, line):
        """Return how much of what went back was billed too much, in the line's unit."""
        unit = line.product_uom_id
        returned = sum(
            move.product_uom._compute_quantity(move.quantity, unit) for move in self
        )
        owed = line._qms_get_owed_quantity()
        excess = line._qms_get_billed_quantity() - owed
        quantity = unit.round(min(returned, excess))
        return quantity if unit.compare(quantity, 0) > 0 else 0.0

    def _qms_make_refund(self, rows):
        bill = rows[0][0].move_id
        order = rows[0][0].purchase_line_id.order_id
        orders = order.union(*(line.purchase_line_id.order_id for line, _q, _m in rows))
        values = order.with_context(default_move_type="in_refund")._prepare_invoice()
        values.update(
            currency_id=bill.currency_id.id,
            partner_id=bill.partner_id.id,
            fiscal_position_id=bill.fiscal_position_id.id,
            invoice_origin=", ".join(orders.mapped("name")),
            invoice_line_ids=[
                (0, 0, line._qms_prepare_refund_line(quantity))
                for line, quantity, _moves in rows
            ],
        )
        refund = self.env["account.move"].with_company(bill.company_id).create(values)
        moves = self.union(*(moves for _line, _quantity, moves in rows))
        moves._qms_link_refund(refund, bill)
        return refund

    def _qms_link_refund(self, refund, bill):
        dispositions = self.qms_disposition_id
        trusted(dispositions).refund_ids = [(4, refund.id)]
        cases = dispositions.nonconformance_id
        refund.message_post(
            body=self.env._(
                "Goods went back to the supplier: %(transfers)s, %(cases)s",
                transfers=format_list(self.env, self.picking_id.mapped("name")),
                cases=format_list(self.env, cases.mapped("name")),
            )
        )
        user = bill.invoice_user_id or self.purchase_line_id.order_id.user_id[:1]
        if user and not user.share and user.active:
            refund.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Vendor credit note to check and post"),
            )

    def _qms_tell_unbilled(self, refunds):
        """Say why there is no credit note, and which bills to correct instead."""
        if refunds:
            return
        bills = self.purchase_line_id.invoice_lines.move_id
        drafts = bills.filtered(lambda bill: bill.state == "draft")
        text = self.env._("No credit note is needed: what went back was not billed.")
        if drafts:
            text = self.env._(
                "What went back was not billed yet. Correct these drafts: %s.",
                format_list(self.env, drafts.mapped("display_name")),
            )
        self.qms_disposition_id._log_case(text)
