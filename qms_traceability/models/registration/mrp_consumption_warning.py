from odoo import models
from odoo.exceptions import UserError


class MrpConsumptionWarning(models.TransientModel):
    """Components can be registered from this dialog; what is registered stays so."""

    _inherit = "mrp.consumption.warning"

    def action_qms_track(self):
        """Open the page of tracked components of the order."""
        return self.mrp_production_ids[:1].action_qms_track()

    def action_set_qty(self):
        """Consume what is planned.

        :raise UserError: if something else is registered, which is what is consumed
        """
        lines = self.mrp_consumption_warning_line_ids
        registered = lines.filtered(lambda line: line._qms_is_registered())
        if registered:
            raise UserError(
                self.env._(
                    "%(products)s: %(orders)s consumes what is registered. Correct it"
                    " with Adjust Consumption in View Associations, or have the"
                    " difference confirmed.",
                    products=", ".join(registered.product_id.mapped("display_name")),
                    orders=", ".join(registered.mrp_production_id.mapped("name")),
                )
            )
        return super().action_set_qty()
