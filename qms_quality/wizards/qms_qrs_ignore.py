from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsQrsIgnore(models.TransientModel):
    """Asks why requirements of order lines are to be ignored."""

    _name = "qms.qrs.ignore"
    _description = "Ignore QRS"

    line_ids = fields.Many2many(
        "qms.qrs.document.line", string="Requirements", readonly=True
    )
    subject = fields.Text(string="What", readonly=True)
    reason = fields.Char()

    @api.model
    def _open(self, copies):
        """Return the action that asks about the requirements ``copies``."""
        wizard = self.create(
            {
                "line_ids": [fields.Command.set(copies.ids)],
                "subject": copies._get_ignored_text(),
            }
        )
        return wizard._get_records_action(
            name=self.env._("Ignore QRS"), target="new", views=[(False, "form")]
        )

    def action_confirm(self):
        """Ignore them, for the reason given.

        :raise AccessError: for whoever lacks the right to
        :raise UserError: without a reason
        """
        self.ensure_one()
        if not self.line_ids._is_reason(self.reason):
            raise UserError(self.env._("Say why the requirements are ignored."))
        self.line_ids.action_ignore(self.reason)
        return {"type": "ir.actions.act_window_close"}
