from odoo import models
from odoo.fields import Domain

from odoo.addons.qms_quality.models.gate.transaction import INSIDE


class StockLot(models.Model):
    """Other dates, other goods to take: reservations are checked again."""

    _inherit = "stock.lot"

    def _qms_recheck_reservations(self, before):
        """Take away what may no longer be taken, and reserve what now may.

        Called for lots with another expiration or removal date, however it came.

        :param dict before: ``{stock.lot: {field name: datetime}}``, the core dates
        """
        lost = self._qms_get_lost_lines(before)
        moves = lost.move_id
        self._qms_tell_lost(moves)
        lost.unlink()
        later = self.filtered(lambda lot: lot._qms_lasts_longer(before[lot]))
        (moves | later._qms_get_waiting_moves())._action_assign()

    def _qms_lasts_longer(self, before):
        return any(
            before[name] and (not self[name] or self[name] > before[name])
            for name in ("expiration_date", "removal_date")
        )

    def _qms_get_lost_lines(self, before):
        """Return the reserved lines of open moves that these lots may not serve now."""
        # sudo: whoever may change dates has no right to touch a delivery
        lines = self.env["stock.move.line"].sudo().search(self._qms_get_taken_domain())
        lost = lines.filtered(
            lambda line: line._qms_is_past_removal(before[line.lot_id])
        )
        for key, group in lines.grouped(_get_gate_key).items():
            lost |= group._qms_get_refused(*key)
        return lost

    def _qms_get_taken_domain(self):
        """Return the domain of the lines that are reserved from these lots."""
        return (
            Domain("lot_id", "in", self.ids)
            & Domain("state", "in", ("partially_available", "assigned"))
            & Domain("quantity_product_uom", ">", 0)
            & Domain("location_id.usage", "in", INSIDE)
        )

    def _qms_get_waiting_moves(self):
        """Return the moves that could reserve these lots by themselves, in sudo."""
        moves = self.env["stock.move"].sudo()
        if not self or self.env["ir.config_parameter"].sudo().get_param(
            "stock.picking_no_auto_reserve"
        ):
            return moves
        quants = self.env["stock.quant"].sudo().search(self._qms_get_stock_domain())
        if not quants:
            return moves
        return moves.search(
            self.env["qms.hold"]._get_waiting_domain(quants),
            order="priority desc, date asc, id asc",
        )

    def _qms_tell_lost(self, moves):
        """Give each responsible one activity for the reservations that were lost."""
        moves = moves.filtered("company_id.qms_notify_lost_reservation")
        for user in moves._qms_get_responsibles():
            own = moves.filtered(lambda m, user=user: user in m._qms_get_responsibles())
            lots = self.filtered(lambda lot, own=own: lot.product_id in own.product_id)
            lots[:1].sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Dates of reserved goods were changed"),
                note=self.env._(
                    "%(lots)s may no longer be taken for these documents, which wait"
                    " for other goods: %(documents)s",
                    lots=", ".join(lots[:10].mapped("display_name")),
                    documents=", ".join(own._qms_get_document_names()),
                ),
            )


def _get_gate_key(line):
    """Return what the gate is asked with: lines with the same are asked together."""
    move = line.move_id
    return move._qms_get_reservation_types(), move._qms_get_partner(), move.date
