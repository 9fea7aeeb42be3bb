from odoo import models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.gate.transaction import INSIDE, goods_of

from .expiry_policy import DateReason


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
        refused = lines._qms_get_refused_as_planned()
        if refused:
            raise UserError(self._qms_get_refusal(refused))
        return res

    def _qms_get_refused_as_planned(self):
        """Return what dates refuse on the day that the goods are meant to be used on.

        :return: list of ``(movement, [DateReason])``
        """
        refused = []
        for (types, partner), group in self._qms_group(
            self._qms_get_movements()
        ).items():
            moves = [movement.line.move_id for movement in group]
            answers = self.env["qms.hold"]._qms_get_date_reasons(
                [goods_of(movement) for movement in group],
                types,
                moves,
                partner,
                min(move.date for move in moves),
            )
            refused += [
                (movement, blocking)
                for movement, reasons in zip(group, answers, strict=True)
                if (blocking := [r for r in reasons if r.policy == "block"])
            ]
        return refused

    def _qms_get_refused_now(self):
        """Return which of these goods posting would refuse for their date, and why.

        :return: list of ``(movement, [GateReason])``, with what else refuses them
        """
        return [
            (movement, blocking)
            for movement, reasons in self._qms_ask(self._qms_get_movements())
            if (blocking := self._qms_get_unpermitted(movement, reasons))
            and any(isinstance(reason, DateReason) for reason in blocking)
        ]
