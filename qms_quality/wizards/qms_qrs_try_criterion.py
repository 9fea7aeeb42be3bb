from odoo import fields, models


class QmsQrsTryCriterion(models.TransientModel):
    """How many lots in stock don't meet one criterion."""

    _name = "qms.qrs.try.criterion"
    _description = "Try Quality Requirements: Criterion"

    try_id = fields.Many2one("qms.qrs.try", ondelete="cascade", readonly=True)
    criterion_id = fields.Many2one(
        "qms.qrs.criterion", ondelete="cascade", readonly=True
    )
    line_id = fields.Many2one(related="criterion_id.line_id", string="Target")
    expected = fields.Char(related="criterion_id.expected")
    departure = fields.Selection(related="criterion_id.departure")
    is_at_transfer = fields.Boolean("Seen to at the Transfer", readonly=True)
    lot_count = fields.Integer("Lots", readonly=True)
    failing_count = fields.Integer("Fail", readonly=True)
