from odoo import api, models


class QmsStartingPoint(models.AbstractModel):
    """Food: dates of lots are changed by right and for a reason."""

    _inherit = "qms.starting.point"

    @api.model
    def _get_keys(self, name):
        keys = super()._get_keys(name)
        return (*keys, "switch_expiry_change") if name == "food" else keys

    @api.model
    def _get_switches(self):
        switch = {"switch_expiry_change": ("qms_expiry_change", True)}
        return {**super()._get_switches(), **switch}
