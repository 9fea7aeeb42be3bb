from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsSupplierClaimCharge(models.Model):
    """An amount that a vendor is asked to pay."""

    _name = "qms.supplier.claim.charge"
    _description = "Charge of a Supplier Claim"
    _inherit = ["qms.audit.mixin"]
    _qms_audit_whole = "claim_id"
    _order = "claim_id, id"

    claim_id = fields.Many2one(
        "qms.supplier.claim", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="Description", required=True)
    amount = fields.Monetary(required=True)
    company_id = fields.Many2one(related="claim_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    _amount_check = models.Constraint(
        "CHECK(amount >= 0)", "A charge can't be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        charges = super().create(vals_list)
        charges._check_draft()
        return charges

    def write(self, vals):
        self._check_draft()
        res = super().write(vals)
        self._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_draft(self):
        self._check_draft()

    def _check_draft(self):
        sent = self.claim_id.filtered(lambda claim: claim.state != "draft")
        if sent:
            raise UserError(
                self.env._(
                    "The vendor has got the claim already, so its charges stay: %s.",
                    ", ".join(sent.mapped("name")),
                )
            )
