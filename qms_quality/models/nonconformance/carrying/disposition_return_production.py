from odoo import models


class QmsDisposition(models.Model):
    """Return to production: the goods go back to the line, and may be used there."""

    _inherit = "qms.disposition"

    def _get_return_production_problems(self):
        """Return what keeps the goods from going back to the line."""
        if not self.location_dest_id:
            return [self.env._("say to which place of the line they go back.")]
        return self._get_bringing_problems()

    def _execute_return_production(self):
        self._free()
