from odoo import api, models

from ...evidence.content import ContentLine, field_line


class QmsCapa(models.Model):
    """What rules of signature and approval can ask for, and about what."""

    _inherit = "qms.capa"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "plan": self.env._("Plan a CAPA"),
            "close": self.env._("Close a CAPA"),
            "cancel": self.env._("Cancel a CAPA"),
            "reopen": self.env._("Reopen a CAPA"),
        }

    def _qms_signed_content(self, action, arguments):
        lines = [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in self._get_signed_fields()),
            *(step._prepare_signed_line() for step in self.action_ids),
            *(change._prepare_signed_line() for change in self.change_ids),
        ]
        if action == "close":
            lines += [check._prepare_signed_line() for check in self.check_ids]
        reason = arguments.get("reason")
        if reason:
            label = self.env._("Reason")
            lines.append(ContentLine("reason", label, reason, reason))
        return lines

    @api.model
    def _get_signed_fields(self):
        return [
            "name",
            "subject",
            "type",
            "risk",
            "user_id",
            "nonconformance_ids",
            "root_cause_id",
            "root_cause_text",
            "product_id",
            "partner_id",
            "workcenter_id",
            "conclusion",
        ]

    def _qms_get_involved_users(self, action):
        involved = super()._qms_get_involved_users(action)
        # sudo: who owns it can't approve its plan or its end, whoever looks
        return involved | self.sudo().user_id if action != "reopen" else involved
