from odoo import models


class QmsTrackedComponent(models.Model):
    """Registrations are picked, and follow their order when it is split."""

    _inherit = "qms.tracked.component"

    def _get_move_of(self, order):
        """Return the same component in another part of the order."""
        self.ensure_one()
        move = self.move_id
        moves = order.move_raw_ids.filtered(
            lambda one: one.product_id == move.product_id and one.state != "cancel"
        )
        same = moves.filtered(
            lambda one: (
                one.bom_line_id == move.bom_line_id
                and one.operation_id == move.operation_id
            )
        )
        return (same or moves)[:1]

    def _pick(self):
        """Write the lines of what is picked; what is picked already stays so."""
        self._change({"is_picked": True})
        self._write_picked()

    def _write_picked(self):
        """Let the picked lines of these components be what is registered as picked."""
        picked = self.production_id._qms_get_open_rows().component_ids.filtered(
            lambda one: one.is_picked and one.state == "open"
        )
        by_move = picked._group_by_move()
        for move in self._group_by_move():
            if move.state not in ("done", "cancel"):
                move._qms_pick_registered(by_move.get(move, self.browse()))

    def _group_by_move(self):
        """Return ``{move: registrations}``, by the component that posts them."""
        return self.filtered("move_id").grouped(
            lambda one: one.move_id._qms_get_substitute(one.product_id)
        )
