from odoo import models


class StockMove(models.Model):
    """Goods that got another number: two inventory moves, from the one to the other."""

    _inherit = "stock.move"

    def _qms_log_relabelling(self, reason):
        """Link the lots, too. The moves out come first, in the order of those in."""
        res = super()._qms_log_relabelling(reason)
        half = len(self) // 2
        self._qms_link_relabelled(zip(self[:half], self[half:], strict=True))
        return res

    def _qms_link_relabelled(self, pairs, past=False):
        """Link the goods of moves out to those of the moves in that belong to them.

        :param pairs: iterable of ``(move out, move in)``
        :param bool past: see :meth:`qms.lot.link._qms_sync`
        :return: ``qms.lot.link``, what was written
        """
        links = self.env["qms.lot.link"]
        # sudo: an inspector decides, and has no right on moves
        pairs = [(out.sudo(), arrival.sudo()) for out, arrival in pairs]
        wanted = [
            out.move_line_ids._qms_prepare_relabelled(arrival.move_line_ids)
            for out, arrival in pairs
            if out.move_line_ids.lot_id or arrival.move_line_ids.lot_id
        ]
        arrivals = self.sudo().union(*(arrival for _out, arrival in pairs))
        return links._qms_sync(arrivals, wanted, past)
