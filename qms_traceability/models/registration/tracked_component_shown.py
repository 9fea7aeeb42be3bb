from odoo import models
from odoo.tools.misc import format_datetime


class QmsTrackedComponent(models.Model):
    """How a registration is shown."""

    _inherit = "qms.tracked.component"

    def _prepare_shown(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "product": self.product_id.display_name,
            "lot": self.lot_id.name,
            "quantity": self.quantity,
            "unit": self.uom_id.name,
            "state": self.state,
            "is_picked": self.is_picked,
            "is_substitute": self.product_id != self.move_id.product_id,
            "is_correction": bool(self.replaces_id),
            "user": self.user_id.name,
            "date": format_datetime(self.env, self.date),
        }
