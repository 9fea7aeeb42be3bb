from odoo import fields, models

from odoo.addons.qms_quality.models.gate.transaction import INSIDE
from odoo.addons.qms_quality.models.sentinel import trusted, untrusted

OVER = ("done", "cancel")


class QmsExpiryDecision(models.Model):
    """Transfers that carry out decisions, and what became of them."""

    _name = "qms.expiry.decision"
    _inherit = ["qms.expiry.decision", "qms.documents.mixin"]

    move_ids = fields.One2many(
        "stock.move", "qms_expiry_decision_id", string="Stock Moves", readonly=True
    )

    # -- Making them -------------------------------------------------------------------

    def _spread(self):
        """Return which goods are taken, the first that came first: ``{quant: qty}``.

        Only what nothing has reserved.
        """
        self.ensure_one()
        return self._get_stock()[self]._qms_spread_free(self.quantity)

    def _make_transfer(self, picking_type, dest, goods, partner=None):
        """Make a transfer of exactly these goods, reserved and permitted.

        :param picking_type: ``stock.picking.type``
        :param dest: ``stock.location`` they go to
        :param dict goods: ``{row: {quant: quantity}}``
        :param partner: ``res.partner`` that they go to
        :return: ``stock.picking``
        """
        # sudo: who decides on goods need not be allowed to move them
        pickings = untrusted(self.sudo().env["stock.picking"])
        picking = pickings.create(
            self._prepare_transfer(picking_type, dest, goods, partner)
        )
        for row, spread in goods.items():
            quants = self.env["stock.quant"].union(*spread)
            for location, some in quants.grouped("location_id").items():
                row._make_transfer_move(
                    picking, location, {quant: spread[quant] for quant in some}
                )
        picking.action_confirm()
        # those that reserved before need not be confirmed
        picking.move_ids._qms_permit_decided()
        return picking

    def _make_transfer_move(self, picking, location, spread):
        moves = trusted(self.env["stock.move"].sudo())
        move = moves.create(
            {
                "picking_id": picking.id,
                "picking_type_id": picking.picking_type_id.id,
                "product_id": self.product_id.id,
                "product_uom": self.uom_id.id,
                "product_uom_qty": sum(spread.values()),
                "location_id": location.id,
                "location_dest_id": picking.location_dest_id.id,
                "company_id": self.company_id.id,
                "qms_expiry_decision_id": self.id,
            }
        )
        # the permit comes when the move is confirmed: until then it would be refused
        lines = untrusted(move).move_line_ids.with_context(qms_picked_by_system=True)
        lines.create(
            [
                self._prepare_transfer_line(move, quant, quantity)
                for quant, quantity in spread.items()
            ]
        )

    def _prepare_transfer(self, picking_type, dest, goods, partner=None):
        rows = self.browse().union(*goods)
        quants = [quant for spread in goods.values() for quant in spread]
        lots = rows.lot_id.mapped("name")
        return {
            "picking_type_id": picking_type.id,
            "location_id": quants[0].location_id.id,
            "location_dest_id": dest.id,
            "partner_id": partner.id if partner else False,
            "company_id": picking_type.company_id.id,
            "origin": ", ".join(lots[:3]) + ("…" if len(lots) > 3 else ""),
        }

    def _prepare_transfer_line(self, move, quant, quantity):
        return {
            "move_id": move.id,
            "picking_id": move.picking_id.id,
            "product_id": self.product_id.id,
            "product_uom_id": self.uom_id.id,
            "quantity": quantity,
            "location_id": quant.location_id.id,
            "location_dest_id": move.location_dest_id.id,
            "lot_id": self.lot_id.id,
            "package_id": quant.package_id.id,
            "result_package_id": self._get_kept_package(move, quant, quantity).id,
            "owner_id": quant.owner_id.id,
            "company_id": self.company_id.id,
        }

    def _get_kept_package(self, move, quant, quantity):
        """Return the package if it goes along: all that is in it stays inside."""
        package = quant.package_id
        whole = package.quant_ids == quant and not self.uom_id.compare(
            quant.quantity, quantity
        )
        inside = move.location_dest_id.usage in INSIDE
        return package if whole and inside else package.browse()

    # -- What became of them -----------------------------------------------------------

    def _get_leaving_moves(self):
        """Return the moves by which the goods leave the stock."""
        return self.move_ids.filtered(
            lambda move: move.location_dest_id.usage not in INSIDE
        )

    def _settle(self):
        """Follow what was made: rows are done when nothing of it is open any more.

        Where nothing moved, they wait for another decision.
        """
        # trusted: what was made is over, or not; whoever finished it
        for row in trusted(self.sudo()).exists():
            if row.state == "decided" and row.kind in ("donate", "return"):
                row._settle_moves(row._get_leaving_moves())

    def _settle_moves(self, moves):
        done = moves.filtered(lambda move: move.state == "done")
        quantity = self._get_moved_quantity(done)
        self.done_quantity = quantity
        if not moves or any(move.state not in OVER for move in moves):
            return
        row = untrusted(self)
        if self.uom_id.is_zero(quantity):
            row._wait_again(
                self.env._("Nothing was shipped: the transfers were cancelled.")
            )
        else:
            row._finish(quantity)

    def _get_moved_quantity(self, moves):
        lines = moves.move_line_ids.filtered(lambda line: line.lot_id == self.lot_id)
        return sum(lines.mapped("quantity_product_uom"))

    def _choose_documents(self, found):
        # what others made first took the goods to the quarantine zone
        return found[-1]
