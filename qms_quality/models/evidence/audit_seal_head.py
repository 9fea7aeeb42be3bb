from odoo import fields, models

from . import seal_guard


class QmsAuditSealHead(models.Model):
    """Where the trail of one record ended when it was sealed."""

    _name = "qms.audit.seal.head"
    _description = "Sealed Trail"
    _inherit = ["qms.append.only.mixin"]
    _order = "seal_id desc, res_model, res_id"
    _rec_name = "res_model"
    _log_access = False

    seal_id = fields.Many2one(
        "qms.audit.seal", required=True, readonly=True, index=True, ondelete="restrict"
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )
    seq = fields.Integer(string="Last Number", required=True, readonly=True)
    hash = fields.Char(string="Last Hash", required=True, readonly=True)

    _record_idx = models.UniqueIndex("(res_model, res_id, seq, seal_id)")

    def init(self):
        res = super().init()
        seal_guard.install(self.env.cr, self._table)
        return res
