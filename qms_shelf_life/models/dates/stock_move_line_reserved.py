from odoo import models

from odoo.addons.qms_quality.models.gate.transaction import Goods


class StockMoveLine(models.Model):
    """Reserved goods whose dates were changed."""

    _inherit = "stock.move.line"

    def _qms_is_past_removal(self, before):
        """Tell whether core would no longer reserve this lot for its move's day.

        :param dict before: the dates that the lot had, by field name
        """
        removal, date = self.lot_id.removal_date, self.move_id.date
        old = before["removal_date"]
        return bool(removal and removal < date and (not old or old >= date))

    def _qms_get_refused(self, types, partner, date):
        """Return those of these reserved lines that the gate would not reserve now.

        :param types: transaction types of their moves
        :param partner: ``res.partner`` that they go to
        :param datetime date: when they will move
        """
        answers = self.env["qms.hold"]._qms_gate_reasons(
            [
                Goods(line.product_id, line.lot_id, line.location_id, line.package_id)
                for line in self
            ],
            types,
            move=[line.move_id for line in self],
            partner=partner,
            date=date,
        )
        return self.browse(
            line.id
            for line, reasons in zip(self, answers, strict=True)
            if any(reason.policy == "block" for reason in reasons)
        )
