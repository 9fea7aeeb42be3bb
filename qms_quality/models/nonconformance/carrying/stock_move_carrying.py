from odoo import api, models

from ...sentinel import trusted, untrusted

OVER = ("done", "cancel")


class StockMove(models.Model):
    """Moves that carry out a disposition, and what is left of them later."""

    _name = "stock.move"
    _inherit = ["stock.move", "qms.carrying.mixin"]

    # -- What is left of a move belongs to the same disposition ------------------------

    def _create_backorder(self):
        if not self.qms_disposition_id:
            return super()._create_backorder()
        return untrusted(super(StockMove, trusted(self))._create_backorder())

    def _prepare_move_split_vals(self, qty):
        vals = super()._prepare_move_split_vals(qty)
        if self.qms_disposition_id:
            vals["qms_disposition_id"] = self.qms_disposition_id.id
        return vals

    def _get_backorder_move_vals(self):
        vals = super()._get_backorder_move_vals()
        if self.qms_disposition_id:
            vals["qms_disposition_id"] = self.qms_disposition_id.id
        return vals

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "qms_disposition_id"]

    # -- They reserve what was decided about, and nothing else -------------------------

    def _qms_get_gate_domain(self, product, location):
        # sudo: whoever reserves need not be allowed to read the decision
        disposition = self.sudo().qms_disposition_id
        if not disposition:
            return super()._qms_get_gate_domain(product, location)
        return disposition._get_goods_domain(self._qms_get_reservation_types())

    # -- They end it -------------------------------------------------------------------

    def _action_done(self, cancel_backorder=False):
        dispositions = self.sudo().qms_disposition_id
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        if dispositions:
            posted = moves.sudo().filtered("qms_disposition_id")
            dispositions._after_posting(posted.filtered(lambda m: m.state == "done"))
            dispositions._follow_documents()
        return moves

    def _action_cancel(self):
        res = super()._action_cancel()
        if dispositions := self.sudo().qms_disposition_id:
            dispositions._follow_documents()
        return res

    def _qms_get_done_quantity(self):
        """Return how much these moves have moved, in the product's unit."""
        done = self.filtered(lambda move: move.state == "done")
        return sum(done.move_line_ids.mapped("quantity_product_uom"))
