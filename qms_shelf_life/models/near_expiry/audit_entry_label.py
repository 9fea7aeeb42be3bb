from odoo import api, models


class QmsAuditEntry(models.Model):
    """What happens to goods near their date, as the trail calls it."""

    _inherit = "qms.audit.entry"

    @api.model
    def _get_event_labels(self):
        return {
            **super()._get_event_labels(),
            "list": self.env._("Listed as near expiry"),
            "decide": self.env._("Decided"),
            "close": self.env._("Closed"),
            "wait_again": self.env._("Waits for another decision"),
        }
