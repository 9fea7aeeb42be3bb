from odoo import fields, models
from odoo.exceptions import UserError


class QmsComplaintJudgement(models.TransientModel):
    """Asks whether complaints have to be reported to an authority, and why."""

    _name = "qms.complaint.judgement"
    _description = "Report a Complaint to the Authority?"

    nonconformance_ids = fields.Many2many(
        "qms.nonconformance",
        "qms_complaint_judgement_rel",
        "judgement_id",
        "nonconformance_id",
        string="Complaints",
        readonly=True,
    )
    reportable = fields.Selection(
        [("yes", "Yes, it has to be reported"), ("no", "No, it need not be reported")],
    )
    reason = fields.Text(help="What the decision rests on.")

    def action_judge(self):
        """Decide.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if there is no reason, or a case is no open complaint
        """
        self.ensure_one()
        if not self.reportable or not (self.reason or "").strip():
            raise UserError(
                self.env._("Choose yes or no, and say what the decision rests on.")
            )
        todo = self.nonconformance_ids._qms_guarded(
            "judge", reportable=self.reportable, reason=self.reason.strip()
        )
        return todo or {"type": "ir.actions.act_window_close"}
