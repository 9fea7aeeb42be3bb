from odoo import fields, models

from ..models.inspection.sampling.sampling_plan_z14 import SEVERITIES


class QmsSamplingSwitchWizard(models.TransientModel):
    """Asks which severity follows, and why."""

    _name = "qms.sampling.switch.wizard"
    _description = "Switch Severity"

    severity_id = fields.Many2one(
        "qms.sampling.severity", required=True, readonly=True, ondelete="cascade"
    )
    present = fields.Selection(
        related="severity_id.severity", string="Present Severity"
    )
    is_discontinued = fields.Boolean(related="severity_id.is_discontinued")
    new_severity = fields.Selection(SEVERITIES, required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Switch.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if the switch isn't possible
        """
        for wizard in self:
            wizard.severity_id.action_switch(wizard.new_severity, wizard.reason)
        return {"type": "ir.actions.act_window_close"}
