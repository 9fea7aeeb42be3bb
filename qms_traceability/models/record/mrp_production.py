from odoo import models
from odoo.fields import Domain


class MrpProduction(models.Model):
    _name = "mrp.production"
    _inherit = ["mrp.production", "qms.traced.mixin"]

    def _qms_get_traced_lots(self, limit):
        """What was made; where that has no lots, what it was made of."""
        lots, count = super()._qms_get_traced_lots(limit)
        if lots:
            return lots, count
        # sudo: as in the mixin
        used = self.sudo().move_raw_ids.move_line_ids.lot_id
        return self._qms_search_traced_lots(Domain("id", "in", used.ids), limit)

    def _qms_get_traced_lines_domain(self):
        return Domain("move_id.production_id", "in", self.ids)
