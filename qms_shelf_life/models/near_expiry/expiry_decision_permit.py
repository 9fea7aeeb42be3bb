from odoo import models
from odoo.fields import Domain

from odoo.addons.qms_quality.models.sentinel import trusted

from .expiry_decision import OPEN

# By deliveries of these the goods go to one partner, whatever the transfer says.
NAMED = ("donate", "return")


class QmsExpiryDecision(models.Model):
    """What lets the goods of a decision pass the holds by decisions, and no others."""

    _inherit = "qms.expiry.decision"

    def _get_goods_domain(self):
        """Return the domain of the stock that moves of these rows may reserve."""
        going = self.filtered(lambda row: row.state in OPEN)
        return Domain("lot_id", "in", going.lot_id.ids)

    def _permit(self, move):
        """Let a move take what was decided about, as much as other moves have left.

        :param move: ``stock.move`` of these rows
        """
        going = self.filtered(lambda row: row.state == "decided")
        for row, holds in going._get_holds().items():
            for hold in holds:
                row._permit_move(move, hold)

    def _permit_move(self, move, hold):
        permits = trusted(self.env["qms.hold.permit"].sudo())
        given = permits.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("hold_id", "=", hold.id),
            ]
        )
        values = []
        for name in move._qms_get_types():
            some = given.filtered(lambda one, name=name: one.transaction_type == name)
            left = self.quantity - sum(some.mapped("quantity"))
            quantity = min(left, move.product_qty)
            if (
                move not in some.move_id
                and self.uom_id.compare(quantity, 0) > 0
                and hold._get_policy(name, move._qms_get_partner()) == "block"
            ):
                values.append(self._prepare_permit(move, hold, name, quantity))
        return permits.create(values)

    def _prepare_permit(self, move, hold, name, quantity):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        partner = self.partner_id if self.kind in NAMED else self.partner_id.browse()
        return {
            "hold_id": hold.id,
            "transaction_type": name,
            "move_id": move.id,
            "quantity": quantity,
            "reason": self.env._(
                "%(kind)s: %(reason)s", kind=kinds[self.kind], reason=self.reason
            ),
            "res_model": self._name,
            "res_id": self.id,
            "partner_id": partner.id,
        }
