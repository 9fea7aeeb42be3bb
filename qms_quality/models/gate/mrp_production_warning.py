from odoo import models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def pre_button_mark_done(self):
        res = super().pre_button_mark_done()
        if res is not True:
            return res
        # only now the lines say what is consumed
        lines = self.move_raw_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        ).move_line_ids
        warnings = lines._qms_get_warnings()
        asked = warnings and self.env["qms.warning"]._ask(self, warnings)
        return asked or res
