from odoo import models


class StockMoveLine(models.Model):
    """What is reserved changes hands when an order is split."""

    _inherit = "stock.move.line"

    def write(self, vals):
        # core frees and reserves each line's goods anew, even where only the part of
        # the order changes: thousands of queries in a large order of serial numbers.
        # Who sends this key along wins nothing: what is dropped is there already.
        if self.env.context.get("qms_splitting") and len(self) == 1:
            vals = self._qms_drop_same(vals)
        return super().write(vals)

    def _qms_drop_same(self, vals):
        """Return the values without those that the line has already."""
        present = {"quantity": self.quantity, "move_id": self.move_id.id}
        return {
            name: value
            for name, value in vals.items()
            if name not in present or value != present[name]
        }
