from odoo import models


class MrpProduction(models.Model):
    """Who closes a manufacturing order is asked why later lots were taken."""

    _inherit = "mrp.production"

    def pre_button_mark_done(self):
        res = super().pre_button_mark_done()
        if res is not True:
            return res
        # only now the lines say what is consumed
        moves = self.move_raw_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        skipped = moves.move_line_ids._qms_get_unexplained()
        if skipped:
            return self.env["qms.fefo.reason"]._open(self, skipped)
        return res
