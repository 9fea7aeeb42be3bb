from odoo import api, fields, models

# Which field takes which records that a reason is asked for.
FIELDS = {
    "qms.recall": "recall_ids",
    "qms.recall.customer": "customer_ids",
    "qms.recall.product": "product_row_ids",
}


class QmsRecallReason(models.TransientModel):
    """Asks why a recall is cancelled, goods are left out, or how customers know."""

    _name = "qms.recall.reason"
    _description = "Reason of a Step of a Recall"

    kind = fields.Selection(
        [
            ("cancel", "Cancel"),
            ("tell_otherwise", "Told Another Way"),
            ("leave_out", "Leave out"),
        ],
        required=True,
    )
    recall_ids = fields.Many2many("qms.recall", "qms_recall_reason_recall_rel")
    customer_ids = fields.Many2many(
        "qms.recall.customer", "qms_recall_reason_customer_rel"
    )
    product_row_ids = fields.Many2many(
        "qms.recall.product", "qms_recall_reason_product_rel"
    )
    reason = fields.Char()

    @api.model
    def _open(self, records, kind):
        """Return the dialog that asks about some recalls or notices.

        :param records: ``qms.recall``, ``qms.recall.customer`` or
            ``qms.recall.product``
        :param str kind: what is to be done
        """
        name = FIELDS[records._name]
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
        reason = self.reason or ""
        if self.kind == "cancel":
            self.recall_ids.action_cancel(reason)
        elif self.kind == "leave_out":
            self.product_row_ids.action_leave_out(reason)
        else:
            self.customer_ids.action_tell_otherwise(reason)
        return {"type": "ir.actions.act_window_close"}
