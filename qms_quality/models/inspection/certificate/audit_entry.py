from odoo import api, models


class QmsAuditEntry(models.Model):
    _inherit = "qms.audit.entry"

    @api.model
    def _get_event_labels(self):
        return {
            **super()._get_event_labels(),
            "issue": self.env._("Certificate issued"),
            "supersede": self.env._("Certificate superseded"),
            "withdraw": self.env._("Certificate withdrawn"),
        }
