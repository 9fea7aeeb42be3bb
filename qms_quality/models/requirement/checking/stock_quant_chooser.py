from odoo import api, fields, models
from odoo.fields import Domain
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
        shown = move.with_context(qms_showing=True)
        for quant, judgements in shown._qms_judge_quants(self).items():
            quant.qms_unmet = shown._qms_get_short_unmets(judgements) or False

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
        if not isinstance(move_id, int) or not move_id:
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
        if "qms_move_id" in self.env.context and order in (None, self._order):
            move = self._qms_get_chosen_for()
            if move:
                query.order = self._qms_get_fitting_order(move, query)
        return query

    @api.model
    def _qms_get_fitting_order(self, move, query):
        (copies,) = move._qms_get_steering().values()
        fits = Domain(copies._qms_get_fitting_domain()).optimize_full(self.sudo())
        return SQL(
            "(%s) IS NOT TRUE, %s",
            fits._to_sql(self.sudo(), query.table, query),
            query.order or SQL("%s", SQL.identifier(query.table, "id")),
        )
