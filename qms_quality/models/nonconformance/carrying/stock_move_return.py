from odoo import models


class StockMove(models.Model):
    """How much of a receipt can still go back."""

    _inherit = "stock.move"

    def _qms_get_returnable(self, lots):
        """Return how much of a receipt's goods can still go back.

        Open returns count with all that they ask for.

        :param lots: ``stock.lot``, only of these if any
        :return: quantity in the product's unit
        """
        self.ensure_one()
        returns = self.returned_move_ids.filtered(lambda move: move.state != "cancel")
        asked = sum(move._qms_get_asked() for move in returns)
        left = sum(self.move_line_ids.mapped("quantity_product_uom")) - asked
        if not lots:
            return left
        named = sum(move._qms_get_asked(lots) for move in returns)
        return min(left, self._qms_sum_lots(lots) - named)

    def _qms_get_asked(self, lots=None):
        """Return how much this return takes back, or may: of these lots, if any."""
        self.ensure_one()
        taken = sum(self.move_line_ids.mapped("quantity_product_uom"))
        unknown = 0.0
        if self.state != "done":
            unknown = max(self.product_qty - taken, 0.0)
        return (taken if lots is None else self._qms_sum_lots(lots)) + unknown

    def _qms_sum_lots(self, lots):
        lines = self.move_line_ids.filtered(lambda line: line.lot_id in lots)
        return sum(lines.mapped("quantity_product_uom"))
