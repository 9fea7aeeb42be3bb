from odoo import api, models

# What decides which goods a posted line has moved.
EFFECT = {"move_id", "product_uom_id", "lot_id", "quant_id", "quantity"}
AMOUNT = {"product_uom_id", "quantity"}
PLACES = {"location_id", "location_dest_id"}


class StockMoveLine(models.Model):
    """Correcting what was posted corrects the links; nothing is ever rewritten."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.move_id._qms_sync_links()
        return lines

    def write(self, vals):
        if not (EFFECT | PLACES) & set(vals):
            return super().write(vals)
        posted = self.filtered(lambda line: line.move_id.state == "done")
        before = posted._qms_get_arrived_lots()
        moves = posted.move_id
        res = super().write(vals)
        if posted or "move_id" in vals:
            (moves | self.move_id)._qms_sync_links()
            if AMOUNT & set(vals):
                posted._qms_requantify_renamed()
            posted._qms_link_renamed(before)
        return res
