from odoo import models

from ..sentinel import trusted
from .transaction import Goods

RELABELLING = "relabel"


class StockMove(models.Model):
    """What the two moves that give goods another lot number carry along."""

    _inherit = "stock.move"

    def _qms_permit_relabelling(self, reason):
        """Permit moves out to pass the holds of their goods: they come back at once."""
        permits = []
        lines = self.move_line_ids
        goods = [
            Goods(line.product_id, line.lot_id, line.location_id, line.package_id)
            for line in lines
        ]
        covering = self.env["qms.hold"]._get_covering(goods)
        for line, holds in zip(lines, covering, strict=True):
            permits += [
                {
                    "hold_id": hold.id,
                    "transaction_type": "adjustment",
                    "move_id": line.move_id.id,
                    "quantity": line.quantity_product_uom,
                    "reason": reason,
                    "res_model": "stock.lot",
                    "res_id": line.lot_id.id,
                }
                for hold in holds
                if hold.status_id._get_policy("adjustment") == "block"
            ]
        if permits:
            # sudo: a permit is made by a checked action, and by nobody's right
            trusted(self.env["qms.hold.permit"].sudo()).create(permits)

    def _qms_hand_over_value(self, moves_in, reason):
        """Let each of ``moves_in`` bring back the value that its twin took out."""
        values = [
            {"move_id": arrival.id, "value": out.value, "description": reason}
            for out, arrival in zip(self, moves_in, strict=True)
            if out.value
        ]
        # sudo: the cost stays what it was, whoever splits
        self.env["product.value"].sudo().create(values)

    def _qms_log_relabelling(self, reason):
        """Write down what these moves were for, where nobody can change it."""
        self.env["qms.audit.entry"]._log(self, RELABELLING, reason=reason)

    def _qms_get_relabelling(self):
        """Return the moves of ``self`` that gave goods another lot number."""
        # sudo: the trail tells what a move was for, to whoever changes it
        entries = (
            self.env["qms.audit.entry"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("event", "=", RELABELLING),
                ]
            )
        )
        return self.browse(set(entries.mapped("res_id")))
