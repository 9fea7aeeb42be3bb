from odoo import api, fields, models


class QmsSupplierClaimRemark(models.TransientModel):
    """Asks what the vendor is told when a claim goes back to him, or is withdrawn."""

    _name = "qms.supplier.claim.remark"
    _description = "Remark to the Vendor"

    claim_ids = fields.Many2many("qms.supplier.claim", readonly=True)
    kind = fields.Selection(
        [("return", "Return to the vendor"), ("cancel", "Withdraw")],
        required=True,
        readonly=True,
    )
    reason = fields.Text()

    @api.model
    def _open(self, claims, kind):
        """Return the action that asks.

        :param claims: ``qms.supplier.claim``
        :param str kind: ``return`` or ``cancel``
        """
        wizard = self.create({"claim_ids": [(6, 0, claims.ids)], "kind": kind})
        label = dict(self._fields["kind"]._description_selection(self.env))[kind]
        return wizard._get_records_action(
            name=label, target="new", views=[(False, "form")]
        )

    def action_confirm(self):
        """Do it.

        :raise AccessError, UserError: what the action on the claims finds
        """
        self.ensure_one()
        if self.kind == "return":
            self.claim_ids.action_return(self.reason)
        else:
            self.claim_ids.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
