from odoo import models


class QmsApproval(models.Model):
    """A step can ask that who approves signs, each of them for himself."""

    _inherit = "qms.approval"

    def _qms_get_required_signers(self, action, arguments):
        signers = super()._qms_get_required_signers(action, arguments)
        steps = self.step_ids.filtered(lambda one: one.id in arguments["step_ids"])
        if action == "approve" and any(steps.mapped("needs_signature")):
            signers |= self.env["res.users"].browse(arguments["approver_id"])
        return signers
