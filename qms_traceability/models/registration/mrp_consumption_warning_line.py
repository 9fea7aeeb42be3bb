from odoo import models


class MrpConsumptionWarningLine(models.TransientModel):
    """A component of which another quantity is consumed than planned."""

    _inherit = "mrp.consumption.warning.line"

    def _qms_is_registered(self):
        """Tell whether what is consumed was registered, here or as a substitute."""
        self.ensure_one()
        rows = self.mrp_production_id._qms_get_rows_made()
        ones = rows.component_ids.filtered(lambda one: one.state == "open")
        return self.product_id in ones.product_id | ones.move_id.product_id
