from odoo import models


class StockQuant(models.Model):
    """What the gate says of stock at once, for shortages and previews."""

    _inherit = "stock.quant"

    def _qms_get_key(self):
        """Return what tells these goods from others in stock."""
        self.ensure_one()
        return self.product_id, self.location_id, self.lot_id, self.package_id

    def _qms_get_blocks(self, moves):
        """Return what keeps each quant from being reserved by ``moves``.

        :param moves: ``stock.move`` that ask the gate for the same types and partner
        :return: ``{quant: [GateReason]}``
        """
        answers = self.env["qms.hold"]._qms_gate_reasons(
            self._qms_get_goods(),
            moves[:1]._qms_get_reservation_types(),
            move=moves,
            partner=moves[:1]._qms_get_partner(),
            date=min(moves.mapped("date"), default=None),
        )
        return {
            quant: [reason for reason in reasons if reason.policy == "block"]
            for quant, reasons in zip(self, answers, strict=True)
        }
