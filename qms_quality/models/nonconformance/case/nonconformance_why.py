from odoo import fields, models


class QmsNonconformanceWhy(models.Model):
    """One of the questions that lead to the cause."""

    _name = "qms.nonconformance.why"
    _description = "Why of a Nonconformance"
    _inherit = ["qms.audit.mixin"]
    _order = "sequence, id"

    nonconformance_id = fields.Many2one(
        "qms.nonconformance", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Why?", required=True)
    answer = fields.Text(string="Because")
    company_id = fields.Many2one(related="nonconformance_id.company_id", store=True)
