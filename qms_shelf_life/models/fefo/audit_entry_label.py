from odoo import api, models


class QmsAuditEntry(models.Model):
    _inherit = "qms.audit.entry"

    @api.model
    def _get_event_labels(self):
        return {
            **super()._get_event_labels(),
            "later_lot": self.env._("Later lot taken"),
        }
