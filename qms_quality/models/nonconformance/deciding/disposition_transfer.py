from odoo import api, fields, models

from ...sentinel import trusted, untrusted


class QmsDisposition(models.Model):
    """Transfers that carry out a disposition: their goods may pass the case's holds."""

    _inherit = "qms.disposition"

    move_ids = fields.One2many(
        "stock.move", "qms_disposition_id", string="Stock Moves", readonly=True
    )

    def _make_transfer(self, picking_type, dest, partner=None):
        """Make a transfer of exactly these goods, reserved and permitted.

        :param picking_type: ``stock.picking.type``
        :param dest: ``stock.location`` they go to
        :param partner: ``res.partner``, the only one who may get them
        :return: ``stock.picking``, in sudo
        """
        self.ensure_one()
        # sudo: who decides on goods need not be allowed to move them
        row = self.sudo()
        pickings = untrusted(row.env["stock.picking"])
        picking = pickings.create(row._prepare_transfer(picking_type, dest, partner))
        move = trusted(picking.move_ids).create(row._prepare_transfer_move(picking))
        lines = untrusted(move).move_line_ids
        # the holds that are in the way get their permits at once
        lines = lines.with_context(qms_picked_by_system=True).create(
            row._prepare_transfer_line(picking, untrusted(move))
        )
        row._permit(lines, partner)
        picking.action_confirm()
        return picking

    def _permit(self, lines, partner=None):
        """Let move lines pass the holds of the case, and no others.

        :param lines: ``stock.move.line`` of these goods
        :param partner: ``res.partner``, the only one who may get them
        """
        holds = self.nonconformance_id._get_open_holds()
        reason = self._get_ending_reason()
        self.env["qms.hold.permit"]._permit_lines(
            lines, reason, self, holds=holds, partner=partner
        )

    def _post_transfer(self, picking):
        picking.move_ids.picked = True
        picking._action_done()

    def _prepare_transfer(self, picking_type, dest, partner=None):
        return {
            "picking_type_id": picking_type.id,
            "location_id": self.location_id.id,
            "location_dest_id": dest.id,
            "partner_id": partner.id if partner else False,
            "company_id": self.company_id.id,
            "owner_id": self.owner_id.id,
            "origin": self.nonconformance_id.name,
        }

    def _prepare_transfer_move(self, picking):
        return {
            "picking_id": picking.id,
            "product_id": self.product_id.id,
            "product_uom": self.product_id.uom_id.id,
            "product_uom_qty": self._get_freed_quantity(),
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "company_id": self.company_id.id,
            "picking_type_id": picking.picking_type_id.id,
            "qms_disposition_id": self.id,
        }

    def _prepare_transfer_line(self, picking, move):
        return {
            "move_id": move.id,
            "picking_id": picking.id,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_id.uom_id.id,
            "quantity": self._get_freed_quantity(),
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "lot_id": self.lot_id.id,
            "package_id": self.package_id.id,
            "result_package_id": self._get_kept_package().id,
            "owner_id": self.owner_id.id,
            "company_id": self.company_id.id,
        }

    def _get_kept_package(self):
        """Return the package if all that is in it goes: then the goods stay in it."""
        unit = self.product_id.uom_id
        content = self.package_id.quant_ids.filtered(lambda quant: quant.quantity)
        goods = self._get_stock()[self]
        whole = not content - goods and not unit.compare(
            sum(content.mapped("quantity")), self._get_freed_quantity()
        )
        return self.package_id if whole else self.package_id.browse()

    # -- What became of them -----------------------------------------------------------

    @api.model
    def _get_shipped_kinds(self):
        """Return the kinds that are done when their transfers are."""
        return {"donate", "return"}

    def _settle(self):
        """Follow the transfers of these rows: done once nothing of them is open."""
        kinds = self._get_shipped_kinds()
        shipped = trusted(self.sudo()).filtered(
            lambda row: row.state == "in_progress" and row.kind in kinds
        )
        for row in shipped:
            moves = row.move_ids
            done = moves.filtered(lambda move: move.state == "done")
            row.done_quantity = row._get_moved_quantity(done)
            if moves - done - moves.filtered(lambda move: move.state == "cancel"):
                continue
            if done:
                row._set_done(row.done_quantity)
            else:
                # nothing was shipped: it can be carried out again
                row.write(
                    {
                        "state": "approved",
                        "executed_by_id": False,
                        "date_executed": False,
                    }
                )

    def _get_moved_quantity(self, moves):
        """Return how much of this row's own goods some done moves took."""
        lines = moves.move_line_ids.filtered(
            lambda line: (
                line.product_id == self.product_id and line.lot_id == self.lot_id
            )
        )
        return sum(lines.mapped("quantity_product_uom"))

    def _get_transfer_problems(self, picking_type):
        """Return what keeps goods from being sent by a transfer."""
        if picking_type:
            return []
        return [
            self.env._(
                "%s belongs to no warehouse: move the goods into one first.",
                self.sudo().location_id.display_name,
            )
        ]
