from odoo import models


class StockPicking(models.Model):
    """What goes on by itself leaves the rest of its transfer alone."""

    _inherit = "stock.picking"

    def _qms_take_out(self, lines):
        """Return the transfer of some lines alone: this one, if nothing else is on it,
        else one of their own.

        Whoever works on the rest keeps his transfer, and what he has picked.

        :param lines: ``stock.move.line``, of any transfers
        """
        self.ensure_one()
        lines &= self.move_line_ids
        moves = self.move_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        if all(move._qms_is_whole(lines) for move in moves):
            return self
        own = self._create_backorder_picking()
        own.user_id = False
        for move, some in lines.grouped("move_id").items():
            move._qms_take_out(some, own)
        names = lines.lot_id.mapped("name") or lines.product_id.mapped("display_name")
        self._message_log(
            body=self.env._(
                "%(goods)s passed the inspection and went on with %(transfer)s.",
                goods=", ".join(names),
                transfer=own.name,
            )
        )
        return own
