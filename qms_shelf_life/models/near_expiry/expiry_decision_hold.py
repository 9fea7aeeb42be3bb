from odoo import models

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted


class QmsExpiryDecision(models.Model):
    """Goods near their date are held in their warehouse until it is decided.

    The hold covers the lot in the whole warehouse, its quarantine zone included. Its
    status lets the goods be moved about, scrapped and sent back, not used or sold.
    """

    _inherit = "qms.expiry.decision"

    def _contain(self):
        """Hold the goods, or send them away, as their warehouses say."""
        held = self.filtered(lambda row: row.warehouse_id.qms_near_expiry_mode != "off")
        held._hold()
        held._send_to_quarantine()

    def _hold(self):
        status = self.env.ref("qms_shelf_life.status_near_expiry")
        reason = self.env._("Near its expiry: to be decided")
        self.env["qms.hold"]._place(
            [
                {
                    "product_id": row.product_id.id,
                    "lot_id": row.lot_id.id,
                    "location_id": row.warehouse_id.view_location_id.id,
                    "status_id": status.id,
                    "reason": reason,
                    "res_model": row._name,
                    "res_id": row.id,
                    "company_id": row.company_id.id,
                }
                for row in self
            ]
        )

    def _get_holds(self):
        """Return the open holds by decisions on the goods of each row.

        Of any row about them: who holds is one, though several decide on parts.

        :return: ``{row: qms.hold}``, roots, in sudo
        """
        # sudo: who decides need not be allowed to read the ledger
        rows = self.sudo()
        holds = self.env["qms.hold"].sudo()
        holds = holds.search(
            [
                ("state", "=", "open"),
                ("res_model", "=", self._name),
                ("lot_id", "in", rows.lot_id.ids),
                ("root_id", "=", False),
            ]
        )
        return {
            row: holds.filtered(
                lambda hold, row=row: (
                    hold.lot_id == row.lot_id
                    and hold.location_id == row.warehouse_id.view_location_id
                )
            )
            for row in rows
        }

    def _end_holds(self, reason):
        """Free the goods of rows that are closed, unless other rows still decide."""
        siblings = self._get_siblings()
        for row, holds in self._get_holds().items():
            heir = siblings[row][:1]
            if not heir:
                holds._end_by_hand_over(reason)
            elif own := holds.filtered(lambda hold, row=row: hold.res_id == row.id):
                own._hand_over(heir, reason)

    # -- The quarantine zone -----------------------------------------------------------

    def _send_to_quarantine(self):
        """Prepare the transfers that take the goods to the quarantine zone.

        One for each warehouse. What other transfers have reserved stays with them.
        """
        sent = self.filtered(
            lambda row: row.warehouse_id.qms_near_expiry_mode == "transfer"
        )
        for warehouse, rows in sent.grouped("warehouse_id").items():
            zone, stock = warehouse._qms_get_quarantine(), rows._get_stock()
            goods = {row: row._spread_outside(stock[row]) for row in rows}
            goods = {row: spread for row, spread in goods.items() if spread}
            if goods:
                rows._make_transfer(warehouse.int_type_id, zone, goods)

    def _spread_outside(self, quants):
        """Return which undecided goods aren't in a zone yet: ``{quant: quantity}``."""
        zoned = quants.filtered(lambda quant: quant.location_id.qms_zone_id)
        left = self.stock_quantity - sum(zoned.mapped("quantity"))
        return (quants - zoned)._qms_spread_free(left)

    def _get_quarantine_moves(self):
        """Return the moves to the quarantine zone that nobody has validated yet."""
        moves = self.sudo().move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        return moves.filtered(lambda move: move.location_dest_id.qms_zone_id)

    def _stop_quarantine(self):
        """Cancel what would still take the goods to the quarantine zone."""
        moves = self._get_quarantine_moves()
        moves._action_cancel()

    # -- Closing without a decision ----------------------------------------------------

    def _close(self, reason, settled=False):
        """Close rows with nothing to carry out, and free what they hold.

        :param str reason: why, for people
        :param bool settled: whether what is left stays off the list
        """
        if not self:
            return
        # trusted: a checked action, or the goods are gone
        rows = trusted(self.sudo())
        rows._stop_quarantine()
        rows._write_closed("cancelled", reason, settled)
        rows._audit("close", reason=reason)
        rows._qms_void_approvals(reason)
        untrusted(rows)._end_holds(reason)
