from odoo import fields, models


class QmsQrsConfirmation(models.Model):
    """A worker saw that a label or a certificate was there."""

    _name = "qms.qrs.confirmation"
    _description = "Confirmation of a Requirement"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _order = "id desc"

    criterion_id = fields.Many2one(
        "qms.qrs.document.criterion",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, index="btree_not_null"
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    # lots of receipts are made when they are validated: the number tells them
    lot_name = fields.Char("Lot/Serial Number", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Confirmed by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    date = fields.Datetime(
        "Confirmed on", required=True, readonly=True, default=fields.Datetime.now
    )
    note = fields.Char(readonly=True)
    company_id = fields.Many2one(
        related="criterion_id.company_id", store=True, index=True
    )

    def _get_protection_text(self):
        return self.env._(
            "What was seen on goods is confirmed on the transfer, with the button"
            " Confirm Requirements."
        )
