from odoo import api, fields, models


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
    company_id = fields.Many2one(
        related="nonconformance_id.company_id", store=True, precompute=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        whys = super().create(vals_list)
        whys.nonconformance_id._check_editable()
        return whys

    def write(self, vals):
        self.nonconformance_id._check_editable()
        res = super().write(vals)
        self.nonconformance_id._check_editable()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_open_only(self):
        self.nonconformance_id._check_editable()
