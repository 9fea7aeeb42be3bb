from odoo import models

RELABELLING = "relabel"


class StockMove(models.Model):
    """What the two moves that give goods another lot number carry along."""

    _inherit = "stock.move"

    def _qms_permit_relabelling(self, reason):
        """Permit moves out to pass the holds of their goods: they come back at once."""
        permits = self.env["qms.hold.permit"]
        for lot, lines in self.move_line_ids.grouped("lot_id").items():
            permits._permit_lines(lines, reason, lot)

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
