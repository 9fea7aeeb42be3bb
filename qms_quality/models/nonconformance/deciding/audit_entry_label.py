from odoo import api, models


class QmsAuditEntry(models.Model):
    """What happens to dispositions, as the trail calls it."""

    _inherit = "qms.audit.entry"

    @api.model
    def _get_event_labels(self):
        return {
            **super()._get_event_labels(),
            "execute": self.env._("Carried out"),
            "done": self.env._("Done"),
            "sorted": self.env._("Sorted"),
            "accepted": self.env._("Accepted by the customer"),
            "refused": self.env._("Refused by the customer"),
        }
