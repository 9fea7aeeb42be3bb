from odoo import models


class StockPicking(models.Model):
    """Who posts a transfer is asked why later lots are taken."""

    _inherit = "stock.picking"

    def _pre_action_done_hook(self):
        # before core's own questions, as the gate's warnings
        lines = self.move_line_ids
        posted = lines.filtered("picked") or lines
        skipped = posted._qms_get_unexplained(lines - posted)
        if skipped:
            return self.env["qms.fefo.reason"]._open(self, skipped)
        return super()._pre_action_done_hook()
