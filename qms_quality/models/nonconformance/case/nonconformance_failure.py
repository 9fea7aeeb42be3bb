from odoo import fields, models


class QmsNonconformanceFailure(models.Model):
    """A reading that failed, as it was when the case was opened."""

    _name = "qms.nonconformance.failure"
    _description = "Failed Reading of a Nonconformance"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _order = "id"

    nonconformance_id = fields.Many2one(
        "qms.nonconformance", required=True, index=True, ondelete="cascade"
    )
    quality_order_id = fields.Many2one(
        "qms.quality.order", readonly=True, ondelete="restrict"
    )
    test_id = fields.Many2one("qms.test", readonly=True, ondelete="restrict")
    name = fields.Char(string="Test", required=True, readonly=True)
    value = fields.Char(string="Reading", readonly=True)
    limits = fields.Char(readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="nonconformance_id.company_id", store=True)
