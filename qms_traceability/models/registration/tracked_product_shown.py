from odoo import models
from odoo.tools.misc import format_datetime


class QmsTrackedProduct(models.Model):
    """How a finished product and its components are shown."""

    _inherit = "qms.tracked.product"

    def _prepare_shown(self, status):
        self.ensure_one()
        return {
            "id": self.id,
            "lot": self.lot_id.name,
            "quantity": self.quantity,
            "good": self.good_quantity,
            "error": self.error_quantity,
            "error_action": self.error_action,
            "state": self.state,
            "status": status,
            "order": self.production_id.name,
            "user": self.user_id.name,
            "date": format_datetime(self.env, self.date),
        }

    def _prepare_components(self):
        """Return the components, each with what is registered of it."""
        self.ensure_one()
        registrations = self.component_ids.filtered(
            lambda one: one.state in ("open", "done")
        ).grouped("move_id")
        moves = self.production_id._qms_get_tracked_moves()
        known = moves | self.env["stock.move"].union(*registrations)
        return [
            self._prepare_component(
                move, registrations.get(move, self.component_ids[:0])
            )
            for move in known
        ]

    def _prepare_component(self, move, registrations):
        uom = move.product_id.uom_id
        started, taken = self._get_started(move), sum(registrations.mapped("quantity"))
        remaining = uom.round(max(started - taken, 0))
        status = "in_progress" if taken else "not_started"
        return {
            "id": move.id,
            "product": move.product_id.display_name,
            "tracking": move.has_tracking,
            "unit": uom.name,
            "started": started,
            "consumption": uom.round(taken),
            "remaining": remaining,
            "status": status if remaining else "completed",
            "registrations": [one._prepare_shown() for one in registrations],
        }
