from odoo import models


class MrpWorkorder(models.Model):
    """Finishing work takes its components, by what they must meet."""

    _inherit = "mrp.workorder"

    def button_finish(self):
        # core reserves for each component
        moves = self.move_raw_ids | self.production_id.move_byproduct_ids
        works = self.with_env(moves._qms_with_steering().env)
        return super(MrpWorkorder, works).button_finish()
