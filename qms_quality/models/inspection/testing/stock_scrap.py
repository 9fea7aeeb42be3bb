from odoo import fields, models

from ...gate.transaction import Goods
from ...sentinel import trusted


class StockScrap(models.Model):
    """Scrapping that was decided by a checked action."""

    _inherit = "stock.scrap"

    def _qms_scrap_permitted(self, reason, document):
        """Scrap what a checked action decided to, held or not.

        As ``do_scrap``, with a permit between the move and its posting.

        :param str reason: why
        :param document: the record that decided it
        """
        self.ensure_one()
        self._check_company()
        self.name = self.env["ir.sequence"].next_by_code("stock.scrap")
        # the permit needs the move: until then its line would be refused
        moves = self.env["stock.move"].with_context(qms_picked_by_system=True)
        move = moves.create(self._prepare_move_values()).with_env(self.env)
        self._qms_permit(move, reason, document)
        move.with_context(is_scrap=True)._action_done()
        self.write({"state": "done", "date_done": fields.Datetime.now()})

    def _qms_permit(self, move, reason, document):
        """Permit a move to pass each hold that covers its goods and blocks it."""
        goods = Goods(self.product_id, self.lot_id, self.location_id, self.package_id)
        types = self.location_id._qms_transaction_types(
            self.scrap_location_id, scrap=True
        )
        (holds,) = self.env["qms.hold"].sudo()._get_covering([goods])
        # sudo: a permit is made by a checked action, and by nobody's right
        trusted(self.env["qms.hold.permit"].sudo()).create(
            [
                {
                    "hold_id": hold.id,
                    "transaction_type": name,
                    "move_id": move.id,
                    "quantity": move.product_qty,
                    "reason": reason,
                    "res_model": document._name,
                    "res_id": document.id,
                }
                for hold in holds
                for name in types
                if hold.status_id._get_policy(name) == "block"
            ]
        )
