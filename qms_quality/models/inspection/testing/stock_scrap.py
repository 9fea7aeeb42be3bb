from odoo import fields, models


class StockScrap(models.Model):
    """Scrapping that was decided by a checked action."""

    _inherit = "stock.scrap"

    def _qms_scrap_permitted(self, reason, document, holds=None):
        """Scrap what a checked action decided to, held or not.

        As ``do_scrap``, with a permit between the move and its posting.

        :param str reason: why
        :param document: the record that decided it
        :param holds: ``qms.hold``, the only ones that may be passed; all, if ``None``
        """
        self.ensure_one()
        self._check_company()
        self.name = self.env["ir.sequence"].next_by_code("stock.scrap")
        # the permit needs the move: until then its line would be refused
        moves = self.env["stock.move"].with_context(qms_picked_by_system=True)
        move = moves.create(self._prepare_move_values()).with_env(self.env)
        self.env["qms.hold.permit"]._permit_lines(
            move.move_line_ids, reason, document, holds=holds
        )
        move.with_context(is_scrap=True)._action_done()
        self.write({"state": "done", "date_done": fields.Datetime.now()})
        # core computes the quantity rightly of one scrap at a time only
        self.flush_recordset(["scrap_qty"])
