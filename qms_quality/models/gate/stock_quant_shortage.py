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
        :return: ``{gate key: {quant: [GateReason]}}``, see
            :meth:`stock.move._qms_get_gate_keys`; the quants of the products that the
            moves of that key are for
        """
        by_key = moves.grouped(moves._qms_get_gate_keys().get)
        asked = [
            (key, alike[:1], quant, goods)
            for key, alike in by_key.items()
            for quant, goods in zip(self, self._qms_get_goods(), strict=True)
            if quant.product_id in alike.product_id
        ]
        answers = self.env["qms.hold"]._qms_gate_reasons(
            [goods for *_, goods in asked],
            moves[:1]._qms_get_reservation_types(),
            move=[move for _key, move, *_ in asked],
            partner=moves[:1]._qms_get_partner(),
            date=min(moves.mapped("date"), default=None),
        )
        blocks = {key: {} for key in by_key}
        for (key, _move, quant, _goods), reasons in zip(asked, answers, strict=True):
            blocks[key][quant] = [r for r in reasons if r.policy == "block"]
        return blocks
