from odoo import api, fields, models
from odoo.tools import SQL


class StockQuant(models.Model):
    """Where people choose goods for a move: what fits first, what is wrong of the rest.

    The move is in the context. That shows what its reader may read, and opens nothing:
    what is chosen is checked when it is entered.
    """

    _inherit = "stock.quant"

    qms_unmet = fields.Char(
        string="Doesn't Meet",
        compute="_compute_qms_unmet",
        help="What these goods don't meet of the requirements of the order line that"
        " they are chosen for. Empty: they meet them.",
    )

    @api.depends_context("qms_move_id")
    def _compute_qms_unmet(self):
        self.qms_unmet = False
        move = self._qms_get_chosen_for()
        if not move or not self:
            return
        (copies,) = move._qms_get_steering().values()
        judged = copies._qms_judge_goods(
            [(copies, goods) for goods in self._qms_get_goods()],
            move._qms_get_own_day(move.date),
            recorded=True,
        )
        for quant, judgements in zip(self, judged, strict=True):
            texts = [move._qms_get_short_unmet(one) for one in judgements]
            quant.qms_unmet = ", ".join(texts) or False

    @api.depends_context("qms_move_id")
    def _compute_display_name(self):
        res = super()._compute_display_name()
        if self._qms_get_chosen_for():
            for quant in self.filtered("qms_unmet"):
                quant.display_name += f" ⚠ {quant.qms_unmet}"
        return res

    @api.model
    def _qms_get_chosen_for(self):
        """Return the move that goods are chosen for, if it has requirements to show."""
        moves = self.env["stock.move"]
        move_id = self.env.context.get("qms_move_id")
        if type(move_id) is not int or not move_id:
            return moves
        if not self.env["qms.qrs.document.line"]._qms_has_copies():
            return moves
        move = moves.browse(move_id).exists()
        if not move or not move.has_access("read"):
            return moves
        return move if move._qms_get_steering() else moves

    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """List what fits first, unless somebody sorts by something else."""
        query = super()._search(domain, offset, limit, order, **kwargs)
        if "qms_move_id" in self.env.context and order == self._order:
            move = self._qms_get_chosen_for()
            if move and not query.is_empty():
                query.order = self._qms_get_fitting_order(move, query)
        return query

    @api.model
    def _qms_get_fitting_order(self, move, query):
        (copies,) = move._qms_get_steering().values()
        criteria = copies.criterion_ids._qms_filter_of_stock()
        fits = criteria._qms_get_own_domain(move._qms_get_own_day(move.date))
        # sudo: what fits is the same whoever asks
        quants = self.sudo()
        return SQL(
            "(%s) IS NOT TRUE, %s",
            fits.optimize_full(quants)._to_sql(quants, query.table, query),
            query.order,
        )
