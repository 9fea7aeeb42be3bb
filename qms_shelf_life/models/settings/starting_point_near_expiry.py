from odoo import api, models


class QmsStartingPoint(models.AbstractModel):
    """*Food* lists what comes near its date; a window that is set already stays."""

    _inherit = "qms.starting.point"

    @api.model
    def _get_keys(self, name):
        keys = super()._get_keys(name)
        return (*keys, "switch_near_expiry") if name == "food" else keys

    @api.model
    def _get_switches(self):
        window = self.env.company.qms_near_expiry or "14D"
        return {
            **super()._get_switches(),
            "switch_near_expiry": ("qms_near_expiry", window),
        }
