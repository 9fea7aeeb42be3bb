from odoo import models


class StockMove(models.Model):
    """Posting goods writes which lot went into which."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._qms_sync_links(posted=moves.sudo())
        return moves

    def _qms_sync_links(self, past=False, posted=None):
        """Let the links of these moves' documents be as their posted lines are.

        :param bool past: see :meth:`qms.lot.link._qms_sync`
        :param posted: those that have only just been posted
        :return: ``qms.lot.link``, what was written
        """
        # sudo: whoever posts need not be allowed to read all that he posts
        moves = self.sudo().filtered(lambda move: move.state == "done")
        orders = moves.production_id | moves.raw_material_production_id
        return (
            orders._qms_sync_links(past, posted)
            | moves.unbuild_id._qms_sync_links(past)
            | moves._qms_sync_repairs(past)
            | moves._qms_sync_kits(past)
        )
