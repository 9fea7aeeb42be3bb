from odoo import api, models


class QmsStartingPoint(models.AbstractModel):
    """*Food* mails the expiration report once a month."""

    _inherit = "qms.starting.point"

    @api.model
    def _get_keys(self, name):
        keys = super()._get_keys(name)
        return (*keys, "switch_expiry_mail") if name == "food" else keys

    @api.model
    def _get_switches(self):
        return {
            **super()._get_switches(),
            "switch_expiry_mail": ("qms_expiry_mail", True),
        }
