from odoo import api, fields, models


class QmsNonconformanceWizard(models.TransientModel):
    """Asks why cases are cancelled or opened again."""

    _name = "qms.nonconformance.wizard"
    _description = "Cancel or Reopen a Nonconformance"

    case_ids = fields.Many2many(
        "qms.nonconformance",
        "qms_nonconformance_wizard_rel",
        "wizard_id",
        "nonconformance_id",
        string="Nonconformances",
        required=True,
        readonly=True,
    )
    mode = fields.Selection(
        [("cancel", "Cancel"), ("reopen", "Reopen")], required=True, readonly=True
    )
    is_of_order = fields.Boolean(compute="_compute_is_of_order")
    reason = fields.Char()

    @api.depends("case_ids")
    def _compute_is_of_order(self):
        for wizard in self:
            wizard.is_of_order = bool(wizard.case_ids.quality_order_id)

    @api.model
    def _open(self, cases, mode):
        """Return the action that asks why.

        :param cases: ``qms.nonconformance``
        :param str mode: ``cancel`` or ``reopen``
        """
        titles = {
            "cancel": self.env._("Cancel Nonconformance"),
            "reopen": self.env._("Reopen Nonconformance"),
        }
        wizard = self.create({"case_ids": [(6, 0, cases.ids)], "mode": mode})
        return wizard._get_records_action(
            name=titles[mode], target="new", views=[(False, "form")]
        )

    def action_confirm(self):
        """Cancel or reopen the cases.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if there is no reason, or it isn't possible
        """
        self.ensure_one()
        # other programs send no reason at all
        reason = self.reason or " "
        if self.mode == "cancel":
            self.case_ids.action_cancel(reason)
        else:
            self.case_ids.action_reopen(reason)
        return {"type": "ir.actions.act_window_close"}
