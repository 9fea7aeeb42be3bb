from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _pre_action_done_hook(self):
        # first: core's own questions keep their answers in the context that we pass on
        lines = self.move_line_ids
        picked = lines.filtered("picked")
        warnings = (picked or lines)._qms_get_warnings()
        asked = warnings and self.env["qms.warning"]._ask(self, warnings)
        return asked or super()._pre_action_done_hook()
