from odoo import models


class MrpConsumptionWarning(models.TransientModel):
    """Components can be registered from this dialog."""

    _inherit = "mrp.consumption.warning"

    def action_qms_track(self):
        """Open the page of tracked components of the order."""
        return self.mrp_production_ids[:1].action_qms_track()
