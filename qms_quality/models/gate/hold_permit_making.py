from odoo import api, models

from ..sentinel import trusted
from .transaction import goods_of


class QmsHoldPermit(models.Model):
    """How a decision that was checked makes its permits."""

    _inherit = "qms.hold.permit"

    @api.model
    def _permit_lines(self, lines, reason, document, holds=None, partner=None):
        """Let move lines pass the holds that block their goods.

        The caller's action has checked the rights, and no move is posted yet.

        :param lines: ``stock.move.line``, with the goods to move
        :param str reason: why
        :param document: the record that decided it
        :param holds: ``qms.hold``, the only ones that may be passed; all, if ``None``
        :param partner: ``res.partner``, the only one the goods may go to or come from
        :return: the permits
        """
        goods = [goods_of(line._qms_prepare_movement()) for line in lines]
        covering = self.env["qms.hold"]._get_covering(goods)
        values = [
            {
                **self._prepare_permit(line, hold, name),
                "reason": reason,
                "res_model": document._name,
                "res_id": document.id,
                "partner_id": partner.id if partner else False,
            }
            for line, covered in zip(lines, covering, strict=True)
            for hold in covered._get_roots()
            if holds is None or hold in holds.sudo()._get_roots()
            for name in line._qms_get_types()
            if hold._get_policy(name, line._qms_partner()) == "block"
        ]
        # sudo: a permit is made by a checked action, and by nobody's right
        return trusted(self.sudo()).create(values) if values else self.sudo().browse()

    def _prepare_permit(self, line, hold, name):
        return {
            "hold_id": hold.id,
            "transaction_type": name,
            "move_id": line.move_id.id,
            "quantity": line.quantity_product_uom,
        }
