from collections import defaultdict

from markupsafe import Markup

from odoo import models
from odoo.tools import format_list


class QmsExpiryDecision(models.Model):
    """Return to vendor: the goods go back by the receipts that they came with."""

    _name = "qms.expiry.decision"
    _inherit = ["qms.expiry.decision", "qms.vendor.return.mixin"]

    def _get_return_problems(self, quants):
        """Return why the goods can't go back."""
        owners = quants.owner_id
        if owners:
            return [
                self.env._(
                    "they belong to %s: have them agree, and send the goods back by a"
                    " transfer.",
                    format_list(self.env, owners.mapped("display_name")),
                )
            ]
        return self._get_free_problems(quants) + self._get_receipt_problems()

    def _get_returned_quantity(self):
        return self._get_decided_quantity()

    def _get_supplier(self):
        # sudo: who decides need not be allowed to read the partner
        return self.partner_id.sudo().commercial_partner_id

    def _get_return_pickings(self):
        return self.move_ids.picking_id

    def _execute_return(self):
        for row in self:
            shares, _left = row._split_over_receipts()
            moves = self.env["stock.move"]
            for location, there in row._get_places().items():
                for receipt in list(shares):
                    quantity = min(there, shares[receipt])
                    if row.uom_id.compare(quantity, 0) > 0:
                        moves |= row._make_return(receipt, quantity, location)
                        shares[receipt] -= quantity
                        there -= quantity
            moves.picking_id.action_confirm()
            moves._action_assign()
            moves._qms_permit_decided()
            links = [picking._get_html_link() for picking in moves.picking_id]
            row.message_post(
                body=row.env._("To go back by %s", Markup(", ").join(links))
            )

    def _get_places(self):
        """Return how much goes back from each place: ``{stock.location: quantity}``."""
        places = defaultdict(float)
        for quant, quantity in self._spread().items():
            places[quant.location_id] += quantity
        return places

    def _prepare_return_move(self, quantity, location):
        return {
            **super()._prepare_return_move(quantity, location),
            "qms_expiry_decision_id": self.id,
        }

    def _reserve(self, move, quantity):
        left = quantity
        # the permit comes when the move is confirmed: until then it would be refused
        lines = move.move_line_ids.with_context(qms_picked_by_system=True)
        for quant, free in self._get_stock()[self]._qms_get_free().items():
            taken = min(free, left)
            if quant.location_id == move.location_id and taken > 0:
                lines.create(self._prepare_transfer_line(move, quant, taken))
                left -= taken
