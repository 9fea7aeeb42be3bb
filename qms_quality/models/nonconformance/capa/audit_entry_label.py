from odoo import api, models


class QmsAuditEntry(models.Model):
    """What happens to a CAPA, in words."""

    _inherit = "qms.audit.entry"

    @api.model
    def _get_event_labels(self):
        return {
            **super()._get_event_labels(),
            "plan": self.env._("Planned"),
            "start_capa": self.env._("Started"),
            "check": self.env._("Effectiveness check begun"),
            "judge": self.env._("Effectiveness judged"),
            "close": self.env._("Closed"),
            "done": self.env._("Done"),
            "remind": self.env._("Reminded"),
            "apply": self.env._("Rule change applied"),
            "refuse": self.env._("Refused"),
            "lift": self.env._("Block lifted"),
            "review": self.env._("Reviewed"),
        }
