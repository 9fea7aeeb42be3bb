from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from . import audit_seal_file, seal_guard


class QmsAuditSeal(models.Model):
    """Says where the trails of the records end, and leaves the database.

    Seals are a chain as well. The owner of a database can rebuild the trail of a record
    and every seal in it; a seal that was delivered elsewhere shows it, for what it has
    sealed.
    """

    _name = "qms.audit.seal"
    _description = "Audit Seal"
    _inherit = ["qms.append.only.mixin"]
    _order = "number desc"
    _rec_name = "number"
    _log_access = False

    number = fields.Integer(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    database = fields.Char(
        required=True, readonly=True, help="The identifier of this database."
    )
    prev_hash = fields.Char(string="Previous Seal's Hash", readonly=True)
    hash = fields.Char(required=True, readonly=True)
    public_key = fields.Char(readonly=True, help="Ed25519, in base64.")
    signature = fields.Char(readonly=True)
    entry_count = fields.Integer(
        string="Entries", readonly=True, help="Sealed for the first time."
    )
    head_count = fields.Integer(string="Records", readonly=True)
    delivery_ids = fields.One2many(
        "qms.audit.seal.delivery", "seal_id", string="Deliveries", readonly=True
    )
    purge_line_ids = fields.One2many(
        "qms.audit.purge.line", "seal_id", string="Purged Trails", readonly=True
    )
    state = fields.Selection(
        [("waiting", "Not delivered"), ("delivered", "Delivered")],
        compute="_compute_state",
        search="_search_state",
    )

    _number_uniq = models.Constraint(
        "unique(number)",
        "Another seal was made at the same time. Try again.",
    )

    def init(self):
        res = super().init()
        seal_guard.install(self.env.cr, self._table)
        return res

    @api.depends("delivery_ids.state")
    def _compute_state(self):
        done = self.env["qms.audit.seal.delivery"]._read_group(
            [("seal_id", "in", self.ids), ("state", "=", "done")], ["seal_id"]
        )
        delivered = {seal.id for (seal,) in done}
        for seal in self:
            seal.state = "delivered" if seal.id in delivered else "waiting"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        done = Domain("delivery_ids", "any", [("state", "=", "done")])
        found = {"delivered": done, "waiting": ~done}
        return Domain.OR(found[state] for state in value if state in found)

    @api.depends("number")
    def _compute_display_name(self):
        for seal in self:
            seal.display_name = self.env._("Seal %(number)s", number=seal.number)

    # -- The file ----------------------------------------------------------------------

    def _get_file_name(self):
        self.ensure_one()
        return f"qms-seal-{self.database[:8]}-{self.number:06}.json"

    def _get_file_text(self):
        """Return the seal as the text of its file, the same at any time."""
        self.ensure_one()
        return audit_seal_file.seal_text(
            self._get_content(), self.hash, self.signature or None
        )

    def _get_content(self):
        """Return what the seal's hash is over."""
        self.ensure_one()
        return {
            "format": audit_seal_file.FORMAT,
            "database": self.database,
            "number": self.number,
            "date": fields.Datetime.to_string(self.date),
            "prev_hash": self.prev_hash or "",
            "entries": self.entry_count,
            "heads": self._read_rows("qms.audit.seal.head"),
            "purges": self._read_rows("qms.audit.purge.line"),
            "public_key": self.public_key or None,
        }

    def _read_rows(self, model):
        # sudo: a seal is about all records; it names them by number only
        lines = self.env[model].sudo()
        query = lines._search([("seal_id", "=", self.id)])
        names = ("res_model", "res_id", "seq", "hash")
        columns = [lines._field_to_sql(lines._table, name, query) for name in names]
        return sorted(map(list, self.env.execute_query(query.select(*columns))))

    def action_download(self):
        """Download the file of the seal.

        :raise UserError: for several seals at once
        """
        if len(self) != 1:
            raise UserError(self.env._("Download one seal at a time."))
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/qms_quality/audit/seal/{self.id}",
            "target": "download",
        }
