from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    # -- What the move is called -------------------------------------------------------

    def _qms_get_types(self):
        """Return the transaction types that posting this move asks for."""
        self.ensure_one()
        return self.location_id._qms_transaction_types(
            self.location_dest_id,
            scrap=bool(self.scrap_id),
            inventory=self.is_inventory,
        )

    def _qms_get_reservation_types(self):
        """Return the types that reserving asks for: its own and its flow's end's.

        The pick of a two-step delivery is an internal move by itself, and goods that
        may not be delivered would strand at the dock.
        """
        self.ensure_one()
        types = set(self._qms_get_types())
        for location in self._qms_get_flow_ends():
            types.update(self.location_id._qms_transaction_types(location))
        return tuple(sorted(types))

    def _qms_get_flow_ends(self):
        """Return the places where the goods of this move are meant to end."""
        self.ensure_one()
        if self.location_final_id:
            return self.location_final_id
        # sudo: the flow may end in a company that the user doesn't see
        moves, ends = self.sudo().move_dest_ids, self.env["stock.location"].sudo()
        seen = self.sudo()
        while moves - seen:
            moves -= seen
            seen |= moves
            last = moves.filtered(lambda move: not move.move_dest_ids)
            ends |= (
                last.location_final_id
                | last.filtered(
                    lambda move: not move.location_final_id
                ).location_dest_id
            )
            moves = moves.move_dest_ids
        return ends

    def _qms_get_partner(self):
        """Return whom the goods come from or go to."""
        self.ensure_one()
        return self.picking_id.partner_id or self.partner_id

    # -- Reservation -------------------------------------------------------------------

    def _qms_get_gate_domain(self, product, location):
        """Return the domain of the quants that this move may reserve."""
        self.ensure_one()
        return self.env["stock.quant"]._qms_gate_domain(
            self._qms_get_reservation_types(),
            product=product,
            location=location,
            move=self,
            partner=self._qms_get_partner(),
            date=self.date,
        )

    def _qms_reserving(self):
        """Return the move in the context in which it reserves allowed goods only.

        The key steers what is picked; it is no right: posting does not read it. Moves
        of which all goods are allowed need none, and cost what they cost in core.
        """
        gate = self._qms_get_gate_domain(self.product_id, self.location_id)
        gate = None if gate.is_true() else gate
        if gate is self.env.context.get("qms_reserving"):
            return self
        return self.with_context(qms_reserving=gate)

    def _update_reserved_quantity_vals(
        self,
        need,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        return super(StockMove, self._qms_reserving())._update_reserved_quantity_vals(
            need, location_id, lot_id, package_id, owner_id, strict
        )

    def _set_quantity_done_prepare_vals(self, qty):
        return super(StockMove, self._qms_reserving())._set_quantity_done_prepare_vals(
            qty
        )

    def _set_lot_ids(self):
        # one by one: each move reserves by a domain of its own
        for move in self:
            super(StockMove, move._qms_reserving())._set_lot_ids()
        return None

    def _action_assign(self, force_qty=False):
        # what the system picks has passed the gate's domain: no need to ask again
        moves = self.with_context(qms_picked_by_system=True)
        return super(StockMove, moves)._action_assign(force_qty=force_qty)

    def _get_available_quantity(
        self,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        allow_negative=False,
    ):
        gate = self._qms_get_gate_domain(self.product_id, location_id)
        if not gate.is_true():
            self = self.with_context(qms_gate_domain=gate)
        return super()._get_available_quantity(
            location_id,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
            allow_negative=allow_negative,
        )

    # -- Posting -----------------------------------------------------------------------

    def write(self, vals):
        """Ask the gate whenever a move becomes done, by whatever route.

        Not a constraint: one can't tell a move that is being posted from one that was,
        and a correction of a posted move must be judged by what it moves. A move that
        is created done has its lines judged where they are made or linked to it.
        """
        posted = self.browse()
        if vals.get("state") == "done":
            posted = self.filtered(lambda move: move.state != "done")
        res = super().write(vals)
        if posted:
            posted._qms_post()
        return res

    def _qms_post(self):
        lines = self.move_line_ids
        lines._qms_pass_gate(lines._qms_get_movements())

    # -- People ------------------------------------------------------------------------

    def _qms_get_responsibles(self):
        """Return the users who look after the documents of these moves."""
        users = self.picking_id.user_id | self.raw_material_production_id.user_id
        users |= self.picking_id.sale_id.user_id
        return users.filtered("active")

    def _qms_get_document_names(self):
        """Return the names of the documents that these moves belong to."""
        documents = self.picking_id.mapped("name")
        documents += self.raw_material_production_id.mapped("name")
        return sorted(set(documents)) or sorted(set(self.mapped("display_name")))
