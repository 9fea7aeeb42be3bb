from odoo import models


class MrpWorkorder(models.Model):
    """A step of an order, at which components are registered."""

    _inherit = "mrp.workorder"

    def action_qms_track(self):
        """Open the page of tracked components of the step's order."""
        return self.production_id.action_qms_track()
