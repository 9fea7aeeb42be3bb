from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _qms_after_posting(self, movements):
        """Orders that were made before these goods came get their lots."""
        self.env["qms.quality.order"]._bind_arrived(movements)
        return super()._qms_after_posting(movements)
