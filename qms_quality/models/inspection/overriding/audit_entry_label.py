from odoo import api, models


class QmsAuditEntry(models.Model):
    """What overrides are called in the trail."""

    _inherit = "qms.audit.entry"

    @api.model
    def _get_event_labels(self):
        return {**super()._get_event_labels(), "override": self.env._("Overridden")}
