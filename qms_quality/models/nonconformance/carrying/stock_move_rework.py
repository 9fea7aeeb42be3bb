from odoo import models


class StockMove(models.Model):
    """What rework uses up passes the case's holds; what comes of it is tested again."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        self._qms_permit_repair()
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        # sudo: whoever produces need not be allowed to read the decision
        moves.sudo()._qms_test_output()
        return moves

    def _qms_permit_repair(self):
        if "repair_id" not in self._fields:
            return
        # sudo: see _action_done
        for move in self.sudo().filtered("repair_id"):
            if not move.repair_line_type:
                row = move.qms_disposition_id._find_by_repairs(move.repair_id)
                if row:
                    row._permit(move.move_line_ids)

    def _qms_test_output(self):
        """Have tested again what these moves brought out of rework; hold the rest."""
        for move in self.filtered("production_id"):
            order, row = move.production_id, move.production_id.qms_disposition_id
            if not row or move.state != "done":
                continue
            if move.product_id == order.product_id:
                row._test_output(move.move_line_ids, order)
            else:
                row._hold_recovered(move.move_line_ids)
