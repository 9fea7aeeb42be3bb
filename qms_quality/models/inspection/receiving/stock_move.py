from odoo import models


class StockMove(models.Model):
    """The next step of goods that wait for their inspection."""

    _inherit = "stock.move"

    def _qms_waits_at(self, quant):
        """Tell whether this move would take these goods on."""
        self.ensure_one()
        return self.product_id == quant.product_id and quant.location_id._child_of(
            self.location_id
        )

    def _qms_is_whole(self, lines):
        """Tell whether nothing of this move is left without these lines."""
        self.ensure_one()
        return self.move_line_ids <= lines and not self._qms_needs_more(lines)

    def _qms_needs_more(self, lines):
        taken = sum((lines & self.move_line_ids).mapped("quantity_product_uom"))
        return self.product_id.uom_id.compare(self.product_qty, taken) > 0

    def _qms_take_out(self, lines, picking):
        """Move some lines of this move to another transfer, with their part of it.

        :param lines: ``stock.move.line`` of this move
        :param picking: ``stock.picking``
        """
        self.ensure_one()
        move = self
        if not self._qms_is_whole(lines):
            taken = sum(lines.mapped("quantity_product_uom"))
            move = self.create(
                [{**vals, "picking_id": picking.id} for vals in self._split(taken)]
            )
        move.picking_id = picking
        lines.write({"move_id": move.id, "picking_id": picking.id})
        move._action_confirm(merge=False, create_proc=False)
        (self | move)._recompute_state()
