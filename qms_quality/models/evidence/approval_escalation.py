from odoo import api, fields, models

from ..sentinel import trusted
from .approval import OFFICER


class QmsApproval(models.Model):
    """What waits too long is brought to others, who may then decide, too."""

    _inherit = "qms.approval"

    @api.model
    def _cron_escalate(self, limit=100):
        """Escalate the steps whose days have passed. In batches, with progress."""
        domain = [
            ("state", "=", "pending"),
            ("date_due", "<=", fields.Datetime.now()),
            ("step_id.is_escalated", "=", False),
            # nobody else could give those signatures
            ("step_id.signer_group_ids", "=", False),
        ]
        due = self.search(domain, order="date_due, id", limit=limit)
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(domain))
        due._escalate()
        self.env["ir.cron"]._commit_progress(
            len(due), remaining=self.search_count(domain)
        )

    def _escalate(self):
        for approval in trusted(self.sudo()):
            step = approval.step_id
            before = step._get_able()
            step.is_escalated = True
            if not (step.escalation_user_id or step.escalation_group_id):
                step.escalation_group_id = self.env.ref(OFFICER)
            added = step._get_able() - before
            approval._ask(added)
            approval._tell_record(
                "escalate",
                self.env._(
                    "Nobody decided in time, so these are asked, too: %s",
                    ", ".join(step._get_escalation_names()),
                ),
            )
