from odoo import api, models


class QmsAuditEntry(models.Model):
    """What the steps of a case are called in the trail."""

    _inherit = "qms.audit.entry"

    @api.model
    def _get_event_labels(self):
        return {
            **super()._get_event_labels(),
            "investigate": self.env._("Investigation begun"),
            "dispose": self.env._("Disposition begun"),
            "submit": self.env._("Submitted for approval"),
            "approve": self.env._("Approved"),
            "execute": self.env._("Carried out"),
            "follow_up": self.env._("Follow-up begun"),
            "fail_again": self.env._("Failed again"),
            "close": self.env._("Closed"),
        }
