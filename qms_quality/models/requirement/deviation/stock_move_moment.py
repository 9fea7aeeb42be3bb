from odoo import models


class StockMove(models.Model):
    """Where departures are only recorded, requirements don't choose the goods."""

    _inherit = "stock.move"

    def _qms_get_steering(self):
        return {
            move: copies
            for move, copies in super()._qms_get_steering().items()
            if move.picking_type_id._qms_enforces()
        }
