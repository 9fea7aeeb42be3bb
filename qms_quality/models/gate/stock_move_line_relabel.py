from odoo import models
from odoo.exceptions import UserError

from ..sentinel import SENTINEL
from .stock_move_line import EFFECT


class StockMoveLine(models.Model):
    """The two moves that give goods another lot number belong together."""

    _inherit = "stock.move.line"

    def write(self, vals):
        """Refuse to change one of the two moves once they are done."""
        if EFFECT & set(vals):
            self._qms_check_relabelling()
        return super().write(vals)

    def action_revert_inventory(self):
        """Refuse to revert one of the two moves.

        :return: action
        :raise UserError: names the splits and merges that can't be reverted
        """
        self._qms_check_relabelling()
        return super().action_revert_inventory()

    def _qms_check_relabelling(self):
        relabelling = self._qms_get_relabelling()
        if relabelling:
            raise UserError(
                self.env._(
                    "These moves took goods out of one lot and put them into another:"
                    " %(references)s. Undoing or changing one of the two would leave"
                    " the same goods in both lots, or in none. To undo a split, merge"
                    " the lots; to undo a merge, split the lot.",
                    references=", ".join(sorted(set(relabelling.mapped("reference")))),
                )
            )

    def _qms_get_relabelling(self):
        """Return the lines of ``self`` that are part of a split or merge of lots."""
        done = self.filtered(
            lambda line: line.move_id.is_inventory and line.move_id.state == "done"
        )
        if not done:
            return done
        relabelling = done.move_id._qms_get_relabelling()
        return done.filtered(lambda line: line.move_id in relabelling)

    def _qms_get_arrival(self):
        # goods that only get another number have arrived before
        if self.env.context.get("qms_relabelling") is SENTINEL:
            return False
        return super()._qms_get_arrival()
