from odoo import models

from ..sentinel import SENTINEL


class StockQuant(models.Model):
    """Goods get another lot number by two inventory moves that are no arrival."""

    _inherit = "stock.quant"

    def _qms_relabel(self, quantities, lot, message):
        """Give goods the number ``lot``, where they are, at the cost they had.

        The caller's action has checked the rights, and that the goods may be held.

        :param dict quantities: ``{quant: quantity}`` in the product's unit
        :param lot: ``stock.lot`` that the goods get
        :param str message: the reference of the moves
        """
        # sudo: an inspector decides, and has no right to move stock
        quants = self.sudo().with_context(
            inventory_name=message, qms_relabelling=SENTINEL
        )
        in_dates = {quant: quant.in_date for quant in quants}
        moves_out = self.env["stock.move"].sudo()
        moves_in = moves_out
        for quant in quants:
            out, arrival = quant._qms_make_relabelling(quantities[quant], lot)
            moves_out += out
            moves_in += arrival
        moves_out._qms_permit_relabelling(message)
        moves_out._action_done()
        moves_out._qms_hand_over_value(moves_in, message)
        moves_in._action_done()
        for quant in quants:
            quant._qms_keep_in_date(lot, in_dates[quant])
        (moves_out + moves_in)._qms_log_relabelling(message)
        moves_in._trigger_assign()

    def _qms_make_relabelling(self, quantity, lot):
        """Return the move that takes these goods out and the one that brings them."""
        self.ensure_one()
        loss = self.product_id.with_company(self.company_id).property_stock_inventory
        out = self._get_inventory_move_values(
            quantity, self.location_id, loss, self.package_id
        )
        arrival = self._get_inventory_move_values(
            quantity, loss, self.location_id, False, self.package_id
        )
        arrival["move_line_ids"][0][2]["lot_id"] = lot.id
        # the key skips the early refusal: the permit comes when the move is there
        moves = self.env["stock.move"].with_context(qms_picked_by_system=True)
        return moves.create([out, arrival]).with_env(self.env)

    def _qms_keep_in_date(self, lot, in_date):
        """Let the goods keep their turn in first in, first out."""
        relabelled = self._gather(
            self.product_id,
            self.location_id,
            lot_id=lot,
            package_id=self.package_id,
            owner_id=self.owner_id,
            strict=True,
        )
        late = relabelled.filtered(lambda quant: quant.in_date > in_date)
        late.in_date = in_date
