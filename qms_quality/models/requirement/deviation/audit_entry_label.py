from odoo import api, models


class QmsAuditEntry(models.Model):
    """What happens to a deviation, in words."""

    _inherit = "qms.audit.entry"

    @api.model
    def _get_event_labels(self):
        return {
            **super()._get_event_labels(),
            "assessed": self.env._("Assessed"),
            "accepted": self.env._("Accepted"),
            "rejected": self.env._("Rejected"),
            "closed": self.env._("Closed"),
        }
