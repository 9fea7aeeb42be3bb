from odoo import models


class StockPicking(models.Model):
    """Transfers that wait for quality orders say so before anything is posted."""

    _inherit = "stock.picking"

    def button_validate(self):
        if any(picking.state == "draft" for picking in self):
            # only tells what the button itself has made: no right hangs on it
            last = self.env["qms.quality.order"]._get_last_id()
            self = self.with_context(qms_made_after=last)
        return super().button_validate()

    def _pre_action_done_hook(self):
        moves = self.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.quantity
        )
        moves = moves.filtered("picked") or moves
        made = moves._qms_make_step_orders().sudo()
        blocking = moves._qms_get_blocking()
        last = self.env.context.get("qms_made_after")
        if isinstance(last, int) and last is not False:
            made |= blocking.filtered(lambda order: order.id > last)
        if blocking and blocking <= made:
            # not an error, which would take back the orders that were made
            return blocking.with_env(self.env)._get_made_action(self)
        blocking._refuse_step(", ".join(self.mapped("name")))
        return super()._pre_action_done_hook()

    def _qms_get_arrivals(self):
        """Return what these transfers raise: arrivals and steps."""
        moves = self.move_ids.filtered(lambda move: move.state != "cancel")
        lines = moves.move_line_ids
        arriving = lines._qms_get_inspectable(lines._qms_get_movements())
        raised = {move: move._qms_get_step_event() for move in moves}
        return [
            *(
                step
                for move, event in raised.items()
                if event
                for step in move._qms_prepare_steps(event)
            ),
            *lines._qms_get_arrivals(arriving),
        ]
