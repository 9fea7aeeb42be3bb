from odoo import models


class StockMove(models.Model):
    """When the goods of a move are used, and for which documents."""

    _inherit = "stock.move"

    def _qms_get_use_date(self):
        """Return when the goods of this move are used at the end of its flow.

        What is picked today for a delivery on Friday must be good on Friday.
        """
        self.ensure_one()
        return max(self._qms_get_followers().mapped("date"))

    def _qms_get_followers(self):
        """Return this move with the open ones that its goods go on with."""
        self.ensure_one()
        # sudo: the flow may end in a company that the user doesn't see
        followers = moves = self.sudo()
        while (
            moves := moves.move_dest_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            - followers
        ):
            followers |= moves
        return followers
