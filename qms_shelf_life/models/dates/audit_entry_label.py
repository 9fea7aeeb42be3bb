from odoo import api, models


class QmsAuditEntry(models.Model):
    """What the trail calls what happens to dates."""

    _inherit = "qms.audit.entry"

    @api.model
    def _get_event_labels(self):
        return {
            **super()._get_event_labels(),
            "change_expiry": self.env._("Expiration changed"),
            "lot_event": self.env._("Event recorded"),
        }
