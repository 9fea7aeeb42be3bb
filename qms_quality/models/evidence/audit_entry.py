import json

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .audit_channel import CHANNELS, get_channel
from .audit_hash import HASHED_FIELDS, entry_hash

# what the database fills in one statement, with the type of each column
_COLUMNS = {
    "seq": "int4",
    "date": "timestamp",
    "user_id": "int4",
    "company_id": "int4",
    "res_id": "int4",
    **dict.fromkeys(["old_value", "new_value"], "text"),
}


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

    # -- Writing -----------------------------------------------------------------------

    @api.model
    def _log(self, records, event, changes=None, reason=None):
        """Write entries about ``records``, in one statement.

        :param records: recordset of any model
        :param str event: what happened, in a word (``place``, ``release`` …)
        :param dict changes: ``{record: [(label, old, new), …]}``, readable values
        :param str reason: why
        """
        self._append(self._prepare_entries(records, event, changes or {}, reason))

    def _prepare_entries(self, records, event, changes, reason):
        """Return the values of one entry per change, at least one per record."""
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
            }
            for record in records.sudo()
            for label, old, new in changes.get(record.id) or [(False, False, False)]
        ]

    @api.model
    def _append(self, vals_list):
        """Continue the chains of the records with new entries, in one statement.

        :param list vals_list: dicts of the entries' values, in order, without what is
            the same for all of them and without the links of the chain
        """
        if not vals_list:
            return
        rows = self._prepare_common_values(vals_list)
        heads = self.env["qms.audit.head"]
        ends = heads._lock({(row["res_model"], row["res_id"]) for row in rows})
        for row in rows:
            key = row["res_model"], row["res_id"]
            seq, last = ends.get(key, (0, ""))
            row.update(seq=seq + 1, prev_hash=last)
            row["hash"] = entry_hash(row, last)
            ends[key] = row["seq"], row["hash"]
        self._insert(rows)
        heads._advance(ends)

    def _prepare_common_values(self, vals_list):
        """Return the entries with their date, group, channel and user's name."""
        self.env.cr.execute("SELECT pg_current_xact_id()::text")
        common = {
            "transaction": self.env.cr.fetchone()[0],
            "date": fields.Datetime.to_string(fields.Datetime.now()),
            "channel": get_channel(self.env),
        }
        users = self.env["res.users"].browse({vals["user_id"] for vals in vals_list})
        # sudo: the trail names people to those who may not read users
        names = {user.id: f"{user.name} ({user.login})" for user in users.sudo()}
        return [
            {**common, "user_name": names[vals["user_id"]], **vals}
            for vals in vals_list
        ]

    def _insert(self, rows):
        """Insert entries by one statement, however many."""
        names = [*HASHED_FIELDS, "prev_hash", "hash"]
        values = [
            {name: row.get(name) or None for name in HASHED_FIELDS}
            | {"prev_hash": row["prev_hash"], "hash": row["hash"]}
            for row in rows
        ]
        self.env.cr.execute(
            SQL(
                """INSERT INTO qms_audit_entry (%(names)s)
                   SELECT %(names)s FROM json_to_recordset(%(values)s)
                       AS row (%(types)s)""",
                names=SQL(", ").join(map(SQL.identifier, names)),
                types=SQL(", ").join(
                    SQL("%s %s", SQL.identifier(name), SQL(_COLUMNS.get(name, "text")))
                    for name in names
                ),
                values=json.dumps(values),
            )
        )
