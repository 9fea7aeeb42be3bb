from odoo import models
from odoo.exceptions import UserError


class QmsTrackedComponent(models.Model):
    """A registration whose goods are consumed is corrected by another one."""

    _inherit = "qms.tracked.component"

    def _check_quantity(self, lot, quantity):
        """Refuse what no quantity of a lot, or of a serial number, can be.

        :raise UserError: names the lot
        """
        is_possible = quantity in (0, 1) if self.is_serial else quantity >= 0
        # not a number is neither
        if not is_possible:
            raise UserError(self.env._("%s: this quantity can't be.", lot.name))

    def _check_goods(self, lot, quantity):
        """Refuse to consume more of a lot than is there and may be used.

        :raise UserError: says why
        """
        more = quantity - (self.quantity if lot == self.lot_id else 0)
        if self.product_id.uom_id.compare(more, 0) > 0:
            self.production_id._qms_check_goods(self.move_id, lot, more)

    def _correct(self, lot, quantity, reason):
        """Post the difference, and write down what is right.

        :param lot: ``stock.lot`` that was really used
        :param float quantity: how much of it
        """
        self.ensure_one()
        self._change({"state": "replaced", "reason": reason})
        if quantity:
            self._write_down(
                self.tracked_product_id,
                self.move_id,
                lot,
                quantity,
                state="done",
                is_picked=True,
                replaces_id=self.id,
                reason=reason,
            )
        self._repost(lot, quantity)

    def _repost(self, lot, quantity):
        move = self.move_id._qms_get_substitute(self.product_id)
        if lot == self.lot_id:
            return move._qms_consume_more(lot, quantity - self.quantity)
        move._qms_consume_more(self.lot_id, -self.quantity)
        return move._qms_consume_more(lot, quantity)

    def _replace(self, lot, quantity):
        """Register another lot or quantity instead of this, before it is consumed."""
        self.ensure_one()
        self._remove(self.env._("Adjusted"))
        if not self.product_id.uom_id.is_zero(quantity):
            row = self.tracked_product_id
            one = row.production_id._qms_register_lot(row, self.move_id, lot, quantity)
            if self.is_picked:
                one._pick()
