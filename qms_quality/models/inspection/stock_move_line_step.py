from odoo import models

from ..gate.transaction import INSIDE


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _qms_after_posting(self, movements):
        """Orders that were made before these goods came get their lots."""
        self.env["qms.quality.order"]._bind_arrived(movements)
        return super()._qms_after_posting(movements)

    def _qms_get_place(self):
        """Return where the goods of this line are; once gone, where they were."""
        self.ensure_one()
        dest = self.location_dest_id
        is_moved = self.state == "done" and dest.usage in INSIDE
        return dest if is_moved else self.location_id
