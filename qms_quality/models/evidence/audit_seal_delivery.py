from odoo import fields, models

from . import seal_guard


class QmsAuditSealDelivery(models.Model):
    """One try to bring a seal out of the database."""

    _name = "qms.audit.seal.delivery"
    _description = "Delivery of a Seal"
    _inherit = ["qms.append.only.mixin"]
    _order = "id desc"
    _rec_name = "channel"
    _log_access = False

    seal_id = fields.Many2one(
        "qms.audit.seal", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    channel = fields.Selection(
        [("mail", "Mail"), ("folder", "Folder"), ("key", "Signature")],
        required=True,
        readonly=True,
    )
    target = fields.Char(string="To", readonly=True)
    state = fields.Selection(
        [("done", "Done"), ("failed", "Failed")], required=True, readonly=True
    )
    message = fields.Char(readonly=True)

    def init(self):
        res = super().init()
        seal_guard.install(self.env.cr, self._table)
        return res
