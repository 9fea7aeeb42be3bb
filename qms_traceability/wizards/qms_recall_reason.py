from odoo import api, fields, models


class QmsRecallReason(models.TransientModel):
    """Asks why a recall is cancelled, or how customers were told."""

    _name = "qms.recall.reason"
    _description = "Reason of a Step of a Recall"

    kind = fields.Selection(
        [("cancel", "Cancel"), ("tell_otherwise", "Told Another Way")], required=True
    )
    recall_ids = fields.Many2many("qms.recall", "qms_recall_reason_recall_rel")
    customer_ids = fields.Many2many(
        "qms.recall.customer", "qms_recall_reason_customer_rel"
    )
    reason = fields.Char()

    @api.model
    def _open(self, records, kind):
        """Return the dialog that asks about some recalls or notices.

        :param records: ``qms.recall`` or ``qms.recall.customer``
        :param str kind: what is to be done
        """
        name = "recall_ids" if records._name == "qms.recall" else "customer_ids"
        dialog = self.create({"kind": kind, name: [(6, 0, records.ids)]})
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": kinds[kind],
            "res_model": self._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Do it, for this reason.

        :raise AccessError, UserError: as the step itself
        """
        self.ensure_one()
        if self.kind == "cancel":
            self.recall_ids.action_cancel(self.reason or "")
        else:
            self.customer_ids.action_tell_otherwise(self.reason or "")
        return {"type": "ir.actions.act_window_close"}
