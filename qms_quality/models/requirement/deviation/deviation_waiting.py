from odoo import fields, models


class QmsDeviationWaiting(models.Model):
    """A criterion that goods were posted with before its test was done.

    When the quality order is decided, the goods are compared again.
    """

    _name = "qms.deviation.waiting"
    _description = "Requirement That Waits for a Test"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _order = "id"

    move_line_id = fields.Many2one(
        "stock.move.line", required=True, readonly=True, ondelete="cascade"
    )
    document_line_id = fields.Many2one(
        "qms.qrs.document.line", required=True, readonly=True, ondelete="cascade"
    )
    criterion_id = fields.Many2one(
        "qms.qrs.document.criterion", required=True, readonly=True, ondelete="cascade"
    )
    lot_id = fields.Many2one(
        "stock.lot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_line_id.company_id", store=True)

    _waiting_uniq = models.UniqueIndex("(move_line_id, criterion_id, lot_id)")
