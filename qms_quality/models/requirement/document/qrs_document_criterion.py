from odoo import fields, models


class QmsQrsDocumentCriterion(models.Model):
    """What one order line asks for."""

    _name = "qms.qrs.document.criterion"
    _description = "Criterion of an Order Line"
    _inherit = ["qms.criterion.mixin", "qms.audit.mixin"]

    _qms_audit_whole = "line_id"

    line_id = fields.Many2one(
        "qms.qrs.document.line", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    option_ids = fields.Many2many(relation="qms_qrs_document_option_rel")
    country_ids = fields.Many2many(relation="qms_qrs_document_country_rel")
    status_ids = fields.Many2many(relation="qms_qrs_document_status_rel")
