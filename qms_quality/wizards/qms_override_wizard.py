from odoo import api, fields, models

from ..models.inspection.planning.plan_matrix import SPEC_STATUSES


class QmsOverrideWizard(models.TransientModel):
    """Asks what to decide against the readings, and why."""

    _name = "qms.override.wizard"
    _description = "Override a Result or a Status"

    order_id = fields.Many2one(
        "qms.quality.order", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("spec", "Specification"), ("test", "Test")], required=True, readonly=True
    )
    subject_id = fields.Integer(required=True, readonly=True)
    subject = fields.Char(string="What", readonly=True)
    present = fields.Selection(SPEC_STATUSES, string="Now", readonly=True)
    spec_verdict = fields.Selection(
        [*SPEC_STATUSES[1:], ("not_tested", "As its tests say")], string="Decide"
    )
    test_verdict = fields.Selection(
        [
            ("passed", "Passed"),
            ("failed", "Failed"),
            ("not_tested", "As its readings say"),
        ],
        string="Decide for the Test",
    )
    reason = fields.Char()

    @api.model
    def _open(self, kind, subject):
        """Return the action that asks about a specification or a test."""
        subject.ensure_one()
        wizard = self.create(
            {
                "order_id": subject.order_id.id,
                "kind": kind,
                "subject_id": subject.id,
                "subject": subject.display_name,
                "present": subject.verdict or "not_tested",
            }
        )
        return wizard._get_records_action(
            name=self.env._("Override"), target="new", views=[(False, "form")]
        )

    def action_confirm(self):
        """Decide.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if the decision isn't possible
        """
        self.ensure_one()
        verdict = self.spec_verdict if self.kind == "spec" else self.test_verdict
        return self.order_id.action_override(
            self.kind, self.subject_id, verdict, self.reason
        ) or {"type": "ir.actions.act_window_close"}
