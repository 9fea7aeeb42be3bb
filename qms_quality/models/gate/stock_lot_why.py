from odoo import models

from .transaction import TRANSACTION_TYPES


class StockLot(models.Model):
    _inherit = "stock.lot"

    def action_qms_why(self):
        """Show what holds these lots, wherever they are.

        :return: action
        """
        self.check_access("read")
        quants = self.env["stock.quant"].sudo().search(self._qms_get_stock_domain())
        types = [name for name, _label in TRANSACTION_TYPES]
        answers = self.env["qms.hold"]._qms_gate_reasons(quants._qms_get_goods(), types)
        answers = list(zip(quants, answers, strict=True))
        if any(reasons for _quant, reasons in answers):
            summary = self.env._("These goods are held:")
        else:
            summary = self.env._("Nothing holds these goods.")
        return self.env["qms.why"]._open(summary, answers)
