from odoo import api, models


class QmsInspectionStatus(models.Model):
    """What statuses warn of is asked at every posting, and hardly ever changes."""

    _name = "qms.inspection.status"
    _inherit = ["qms.cached.mixin", "qms.inspection.status"]

    @api.model
    def _is_cached(self, names):
        return any(name.startswith("policy_") for name in names)
