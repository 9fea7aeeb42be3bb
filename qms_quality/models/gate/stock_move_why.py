from odoo import api, fields, models
from odoo.fields import Domain

from ..number_text import format_quantity
from .transaction import INSIDE


class StockMove(models.Model):
    """Says what keeps a move from having goods."""

    _inherit = "stock.move"

    qms_shortage = fields.Char(
        string="Shortage",
        compute="_compute_qms_shortage",
        help="What the move could have, and what of the rest can't be used, and why.",
    )

    @api.depends("state", "quantity", "product_uom_qty")
    def _compute_qms_shortage(self):
        open_moves = self.filtered(lambda move: move.state not in ("draft", "cancel"))
        texts = {
            shortage.move.id: self._qms_get_shortage_short(shortage)
            for shortage in open_moves._qms_get_shortages()
        }
        for move in self:
            move.qms_shortage = texts.get(move._origin.id, False)

    def _qms_get_shortage_short(self, shortage):
        uom = shortage.move.product_id.uom_id
        return self.env._(
            "%(available)s %(uom)s available, %(held)s %(uom)s held",
            available=format_quantity(self.env, shortage.available),
            held=format_quantity(self.env, shortage.held),
            uom=uom.name,
        )

    def action_qms_why(self):
        """Show what refuses the goods of these moves at their source.

        :return: action
        """
        self.check_access("read")
        moves = self.sudo().filtered(lambda move: move._qms_may_lack())
        shortages = moves._qms_get_shortages()
        answers = moves._qms_get_answers() if moves else []
        summary = "\n".join(self._qms_get_shortage_text(s) for s in shortages)
        return self.env["qms.why"]._open(
            summary or self._qms_get_no_shortage_text(answers), answers
        )

    def _qms_get_no_shortage_text(self, answers):
        refused = [reason for _quant, reasons in answers for reason in reasons]
        if not refused:
            return self.env._("Nothing that this needs is held.")
        if not any(reason.hold for reason in refused):
            return self.env._(
                "No goods are missing, though some don't meet the requirements."
            )
        return self.env._("No goods are missing, though some are held.")

    def _qms_get_answers(self):
        """Return what the gate says of all stock at the source of these moves."""
        answers = {}
        for moves in self._qms_group_for_gate():
            sources = moves.location_id.union(
                *(move._qms_get_chain().location_id for move in moves)
            )
            quants = self.env["stock.quant"].search(
                moves._qms_get_source_domain(sources)
                & Domain("location_id.usage", "in", INSIDE)
            )
            for blocks in quants._qms_get_blocks(moves).values():
                for quant, reasons in blocks.items():
                    known = answers.setdefault(quant, [])
                    known += [reason for reason in reasons if reason not in known]
        return list(answers.items())
