from odoo import models


class StockMoveLine(models.Model):
    """Where a lot has been is looked up by the lot; core reads the whole table."""

    _inherit = "stock.move.line"

    # with what tells where it went, which then needs no table
    _qms_lot_index = models.Index(
        """(lot_id) INCLUDE (state, location_dest_id, picking_id)
        WHERE lot_id IS NOT NULL"""
    )
