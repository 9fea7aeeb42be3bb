from odoo import api, fields, models
from odoo.exceptions import UserError

# What asks for a reason, of which models.
ACTIONS = {
    "cancel": "qms.capa",
    "reopen": "qms.capa",
    "give_up": "qms.capa.action",
    "refuse": "qms.capa.change",
}


class QmsCapaReason(models.TransientModel):
    """Asks why a CAPA, a step or a change is ended or opened again."""

    _name = "qms.capa.reason"
    _description = "Reason"

    action = fields.Selection(
        [
            ("cancel", "Cancel"),
            ("reopen", "Reopen"),
            ("give_up", "Give up"),
            ("refuse", "Refuse"),
        ],
        required=True,
        readonly=True,
    )
    record_ids = fields.Json(readonly=True)
    subject = fields.Char(string="What", readonly=True)
    reason = fields.Char()

    @api.model
    def _is_reason(self, reason):
        """Tell whether a caller gave a reason."""
        return isinstance(reason, str) and bool(reason.strip())

    @api.model
    def _open(self, records, action):
        """Return the action that asks.

        :param records: of the model that the action belongs to
        :param str action: a key of ``ACTIONS``
        """
        wizard = self.create(
            {
                "action": action,
                "record_ids": records.ids,
                "subject": ", ".join(records.mapped("display_name")),
            }
        )
        labels = dict(self._fields["action"]._description_selection(self.env))
        return wizard._get_records_action(
            name=labels[action], target="new", views=[(False, "form")]
        )

    def action_confirm(self):
        """Do it, for the reason given.

        :raise UserError: without a reason
        """
        self.ensure_one()
        if not self._is_reason(self.reason):
            raise UserError(self.env._("Say why."))
        records = self._get_records()
        done = getattr(records, f"action_{self.action}")(self.reason)
        return done or {"type": "ir.actions.act_window_close"}

    def _get_records(self):
        """Return what the reason is for.

        :raise UserError: if there is none: the dialog was not opened by a button
        """
        ids = self.record_ids if isinstance(self.record_ids, list) else []
        ids = [one for one in ids if isinstance(one, int)]
        if not ids:
            raise UserError(self.env._("Open this dialog by a button of a CAPA."))
        return self.env[ACTIONS[self.action]].browse(ids)
