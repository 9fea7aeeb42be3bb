from odoo import fields, models


class QmsQrsConfirmWizardLine(models.TransientModel):
    """One thing to confirm of goods."""

    _name = "qms.qrs.confirm.wizard.line"
    _description = "Confirm Requirements: Line"

    wizard_id = fields.Many2one(
        "qms.qrs.confirm.wizard", required=True, ondelete="cascade"
    )
    criterion_id = fields.Many2one("qms.qrs.document.criterion", ondelete="cascade")
    expected = fields.Char(related="criterion_id.expected")
    product_id = fields.Many2one("product.product", ondelete="cascade")
    lot_name = fields.Char("Lot/Serial Number")
    is_done = fields.Boolean()
    is_confirmed = fields.Boolean("Was There")
