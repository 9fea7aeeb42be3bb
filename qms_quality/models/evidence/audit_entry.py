from odoo import api, fields, models
from odoo.exceptions import AccessError

from . import audit_guard
from .audit_buffer import AuditBuffer
from .audit_channel import CHANNELS


class QmsAuditEntry(models.Model):
    """Who did what, when and why. Append-only, for everyone.

    21 CFR 11.10(e) asks for computer-generated, time-stamped entries that record the
    date and time of actions that create, modify or delete electronic records.

    The entries of each record are a chain: an entry's hash covers its content and the
    hash before it.
    """

    _name = "qms.audit.entry"
    _description = "Audit Entry"
    _order = "id desc"
    _rec_name = "record_name"
    _log_access = False

    seq = fields.Integer(
        string="No.", readonly=True, help="The number within the record's own trail."
    )
    date = fields.Datetime(required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    user_name = fields.Char(
        string="Name and Login", readonly=True, help="As they were at that time."
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="restrict")
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", readonly=True
    )
    record_name = fields.Char(string="Record", readonly=True)
    event = fields.Char(required=True, readonly=True)
    field_name = fields.Char(string="Technical Field", readonly=True)
    field_label = fields.Char(string="Field", readonly=True)
    old_value = fields.Text(readonly=True)
    new_value = fields.Text(readonly=True)
    reason = fields.Char(readonly=True)
    transaction = fields.Char(
        string="Group",
        readonly=True,
        help="Entries written by one save or action carry the same number.",
    )
    channel = fields.Selection(CHANNELS, readonly=True)
    prev_hash = fields.Char(string="Previous Hash", readonly=True)
    hash = fields.Char(readonly=True)

    _record_idx = models.UniqueIndex("(res_model, res_id, seq)")
    _transaction_idx = models.Index("(transaction)")

    def init(self):
        res = super().init()
        audit_guard.install(self.env.cr, self._table)
        return res

    # -- Nobody writes here ------------------------------------------------------------

    # pylint: disable=method-required-super
    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("The audit trail is written by the system only."))

    # pylint: disable=method-required-super
    def write(self, vals):
        raise AccessError(self.env._("An audit entry can't be changed, by anyone."))

    # pylint: disable=method-required-super
    def unlink(self):
        raise AccessError(self.env._("An audit entry can't be deleted, by anyone."))

    # -- Reading -----------------------------------------------------------------------

    @api.model
    def _search(self, domain, *args, **kwargs):
        # whoever reads the trail reads what this transaction has done so far
        if AuditBuffer.is_pending(self.env):
            self._write_pending()
        return super()._search(domain, *args, **kwargs)
