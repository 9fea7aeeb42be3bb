from odoo import models


class QmsTrackedComponent(models.Model):
    """A registration whose goods are consumed is corrected by another one."""

    _inherit = "qms.tracked.component"

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
