from odoo import models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.gate.transaction import INSIDE, goods_of


class StockMoveLine(models.Model):
    """Goods are chosen for the day on which they are used."""

    _inherit = "stock.move.line"

    def _qms_check_choice(self):
        """Refuse goods, too, that will be too old when their move is due."""
        res = super()._qms_check_choice()
        lines = self.filtered(
            lambda line: (
                line.product_id.use_expiration_date
                and line.lot_id
                and line.move_id
                and line.state not in ("done", "cancel")
                and line.location_id.usage in INSIDE
            )
        )
        refused = lines._qms_get_refused_by_date(lines._qms_get_movements())
        if refused:
            raise UserError(self._qms_get_refusal(refused))
        return res

    def _qms_get_refused_by_date(self, movements, planned=True):
        """Return which movements dates refuse, with the reasons, and nothing else.

        :param list movements: of ``Movement``
        :param bool planned: on the day of each line's move, else today
        """
        refused = []
        for (types, partner), group in self._qms_group(movements).items():
            moves = [movement.line.move_id for movement in group]
            answers = self.env["qms.hold"]._qms_get_date_reasons(
                [goods_of(movement) for movement in group],
                types,
                moves,
                partner,
                planned and min(move.date for move in moves),
            )
            refused += [
                (movement, blocking)
                for movement, reasons in zip(group, answers, strict=True)
                if (blocking := [r for r in reasons if r.policy == "block"])
            ]
        return refused
