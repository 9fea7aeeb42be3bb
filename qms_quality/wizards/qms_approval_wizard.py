from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsApprovalWizard(models.TransientModel):
    """Asks why requests are rejected, or to whom they are passed on."""

    _name = "qms.approval.wizard"
    _description = "Reject or Pass on Approvals"

    mode = fields.Selection(
        [("reject", "Reject"), ("delegate", "Pass on")], required=True, readonly=True
    )
    approval_ids = fields.Many2many("qms.approval", string="Requests", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="To", domain=[("share", "=", False)], ondelete="cascade"
    )
    comment = fields.Text()

    @api.model
    def _open(self, approvals, mode):
        """Return the action of the dialog.

        :param approvals: ``qms.approval`` the user can decide
        :param str mode: ``reject`` or ``delegate``
        """
        titles = {"reject": self.env._("Reject"), "delegate": self.env._("Pass on")}
        wizard = self.create(
            {"mode": mode, "approval_ids": [fields.Command.set(approvals.ids)]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": titles[mode],
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_reject(self):
        """Reject the requests.

        :raise AccessError, UserError: if the user can't decide, or gives no reason
        """
        self.ensure_one()
        comment = (self.comment or "").strip()
        if not comment:
            raise UserError(self.env._("Say why you reject it."))
        self.approval_ids._reject(comment)
        return {"type": "ir.actions.act_window_close"}

    def action_delegate(self):
        """Pass the requests on.

        :raise AccessError, UserError: if the user can't decide, or the other can't
        """
        self.ensure_one()
        if not self.user_id:
            raise UserError(self.env._("Say who is to decide in your place."))
        self.approval_ids._delegate(self.user_id, self.comment)
        return {"type": "ir.actions.act_window_close"}
