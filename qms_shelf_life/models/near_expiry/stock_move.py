from odoo import api, models
from odoo.fields import Domain


class StockMove(models.Model):
    """Moves that carry out decisions take just their goods, and pass their holds.

    Deliveries of a special sale know their decision by the order line.
    """

    _name = "stock.move"
    _inherit = ["stock.move", "qms.expiry.carrying.mixin"]

    def _qms_get_expiry_decision(self):
        """Return the decisions that these moves carry out, in sudo."""
        # sudo: who moves goods need not be allowed to read decisions
        dated = self.sudo().filtered(lambda move: move.product_id.use_expiration_date)
        return dated.qms_expiry_decision_id | dated.sale_line_id.qms_expiry_decision_id

    # -- They take what was decided about, and nothing else ----------------------------

    def _qms_get_gate_domain(self, product, location):
        decision = self._qms_get_expiry_decision()
        if decision:
            return decision._get_goods_domain()
        return super()._qms_get_gate_domain(product, location)

    def _qms_reserving(self):
        moves = super()._qms_reserving()
        if moves._qms_get_expiry_decision():
            # steers what is picked, and is no right: core leaves out by itself what is
            # past its removal date
            return moves.with_context(qms_past_removal=True)
        return moves

    def _get_available_quantity(self, *args, **kwargs):
        if self._qms_get_expiry_decision():
            self = self.with_context(qms_past_removal=True)
        return super()._get_available_quantity(*args, **kwargs)

    def _qms_may_lack(self):
        # how much it takes of what was decided is up to its document
        return super()._qms_may_lack() and not self._qms_get_expiry_decision()

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        moves = super()._action_confirm(merge, merge_into, create_proc)
        moves._qms_permit_decided()
        return moves

    def _qms_permit_decided(self):
        """Let those that carry out decisions pass what holds their goods for them."""
        if self._qms_get_expiry_decision():
            for move in self:
                move._qms_get_expiry_decision()._permit(move)

    # -- What is left of a move belongs to the same decision ---------------------------

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "qms_expiry_decision_id",
        ]

    def _split(self, qty, restrict_partner_id=False):
        """Leave no rest to be shipped later: it is decided on again."""
        if self.sudo().qms_expiry_decision_id:
            return []
        return super()._split(qty, restrict_partner_id=restrict_partner_id)

    # -- What became of it -------------------------------------------------------------

    def _qms_post(self):
        res = super()._qms_post()
        self._qms_get_expiry_decision()._settle()
        self._qms_close_gone()
        return res

    def _action_cancel(self):
        res = super()._action_cancel()
        self._qms_get_expiry_decision()._settle()
        return res

    def _qms_close_gone(self):
        """Close the rows on the list whose goods these moves took away."""
        dated = self.move_line_ids.filtered(
            lambda line: line.product_id.use_expiration_date
        )
        if not dated.lot_id:
            return
        # sudo: see _qms_get_expiry_decision
        rows = self.env["qms.expiry.decision"].sudo()
        rows = rows.search(
            Domain("state", "=", "waiting") & Domain("lot_id", "in", dated.lot_id.ids)
        )
        rows._forget_stock()
        gone = rows.filtered(lambda row: row.uom_id.compare(row.stock_quantity, 0) <= 0)
        gone._close(self.env._("Nothing is left."))
