from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..sentinel import is_trusted, trusted


class QmsAuditEntry(models.Model):
    """Who did what, when and why. Append-only, for everyone.

    21 CFR 11.10(e) asks for computer-generated, time-stamped entries that record the
    date and time of actions that create, modify or delete electronic records.
    """

    _name = "qms.audit.entry"
    _description = "Audit Entry"
    _order = "id desc"
    _rec_name = "record_name"
    _log_access = False

    date = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.uid,
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="restrict")
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", readonly=True
    )
    record_name = fields.Char(string="Record", readonly=True)
    event = fields.Char(required=True, readonly=True)
    field_label = fields.Char(string="Field", readonly=True)
    old_value = fields.Char(readonly=True)
    new_value = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
    transaction = fields.Char(
        string="Group",
        readonly=True,
        help="Entries written by one save or action carry the same number.",
    )

    _record_idx = models.Index("(res_model, res_id, id)")

    @api.model_create_multi
    def create(self, vals_list):
        if not is_trusted(self.env):
            raise AccessError(
                self.env._("The audit trail is written by the system only.")
            )
        return super().create(vals_list)

    # pylint: disable=method-required-super
    def write(self, vals):
        # never, so without super
        raise AccessError(self.env._("An audit entry can't be changed, by anyone."))

    # pylint: disable=method-required-super
    def unlink(self):
        raise AccessError(self.env._("An audit entry can't be deleted, by anyone."))

    @api.model
    def _log(self, records, event, changes=None, reason=None):
        """Write entries about ``records``, in one statement.

        :param records: recordset of any model
        :param str event: what happened, in a word (``place``, ``release`` …)
        :param dict changes: ``{record: [(label, old, new), …]}``, readable values
        :param str reason: why
        """
        # sudo: the trail is written whoever acts, and nobody has the right to write it
        vals_list = self._prepare_entries(records, event, changes or {}, reason)
        trusted(self.sudo()).create(vals_list)

    def _prepare_entries(self, records, event, changes, reason):
        """Return the values of one entry per change, at least one per record."""
        self.env.cr.execute("SELECT pg_current_xact_id()::text")
        transaction = self.env.cr.fetchone()[0]
        return [
            {
                "res_model": record._name,
                "res_id": record.id,
                "record_name": record.display_name,
                "company_id": "company_id" in record._fields and record.company_id.id,
                "user_id": self.env.uid,
                "event": event,
                "field_label": label,
                "old_value": old,
                "new_value": new,
                "reason": reason,
                "transaction": transaction,
            }
            for record in records.sudo()
            for label, old, new in changes.get(record.id) or [(False, False, False)]
        ]
