from odoo import api, fields, models


class QmsQrsCriterion(models.Model):
    """What one line of a card asks for."""

    _name = "qms.qrs.criterion"
    _description = "Criterion of a Card"
    _inherit = ["qms.criterion.mixin", "qms.audit.mixin"]

    line_id = fields.Many2one(
        "qms.qrs.line", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    option_ids = fields.Many2many(relation="qms_qrs_criterion_option_rel")
    country_ids = fields.Many2many(relation="qms_qrs_criterion_country_rel")
    status_ids = fields.Many2many(relation="qms_qrs_criterion_status_rel")


class QmsQrs(models.Model):
    _inherit = "qms.qrs"

    @api.constrains("type")
    def _check_criteria(self):
        self.line_ids.criterion_ids._check_criteria()
