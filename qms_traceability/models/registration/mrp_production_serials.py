from odoo import models


class MrpProductionSerials(models.TransientModel):
    """Components can be registered from this dialog."""

    _inherit = "mrp.production.serials"

    def action_qms_track(self):
        """Open the page of tracked components of the order."""
        return self.production_id[:1].action_qms_track()
