from odoo import api, models

FOOD = ("switch_block_expired", "switch_expiry_missing")


class QmsStartingPoint(models.AbstractModel):
    """*Food* blocks what has expired, and what has no date."""

    _inherit = "qms.starting.point"

    @api.model
    def _get_keys(self, name):
        keys = super()._get_keys(name)
        return (*keys, *FOOD) if name == "food" else keys

    @api.model
    def _get_switches(self):
        return {
            **super()._get_switches(),
            "switch_block_expired": ("qms_block_expired", True),
            "switch_expiry_missing": ("qms_expiry_missing", "block"),
        }
