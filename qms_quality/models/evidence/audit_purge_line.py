from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..sentinel import trusted
from . import seal_guard


class QmsAuditPurgeLine(models.Model):
    """Up to which entry the trail of one record is purged."""

    _name = "qms.audit.purge.line"
    _description = "Purged Trail"
    _inherit = ["qms.protected.mixin"]
    _order = "purge_id desc, res_model, res_id"
    _rec_name = "res_model"
    _log_access = False

    purge_id = fields.Many2one(
        "qms.audit.purge", required=True, readonly=True, index=True, ondelete="restrict"
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )
    seq = fields.Integer(string="Up to Number", required=True, readonly=True)
    hash = fields.Char(string="Last Purged Hash", required=True, readonly=True)
    seal_id = fields.Many2one(
        "qms.audit.seal", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    sealed = fields.Boolean(
        readonly=True, help="A seal that lists this line has left the database."
    )
    purged = fields.Boolean(readonly=True)

    _record_idx = models.UniqueIndex("(res_model, res_id, seq)")
    _unsealed_idx = models.Index("(id) WHERE seal_id IS NULL")
    _open_idx = models.Index("(id) WHERE purged IS NOT TRUE")

    def init(self):
        res = super().init()
        seal_guard.install(
            self.env.cr,
            self._table,
            "INSERT OR UPDATE OR DELETE",
            "qms_audit_purge_line_guard",
        )
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_protected(self):
        raise AccessError(self.env._("What was purged can't be deleted, by anyone."))

    @api.model
    def _get_protection_text(self):
        return self.env._("Purges are written by the system only.")

    def _insert(self, purge, rows):
        """Insert the lines of a purge by one statement."""
        self._check_trusted()
        columns = zip(*(row[:4] for row in rows), strict=True)
        self.env.cr.execute(
            SQL(
                """INSERT INTO qms_audit_purge_line
                       (purge_id, res_model, res_id, seq, hash)
                   SELECT %s, * FROM unnest(
                       %s::varchar[], %s::int[], %s::int[], %s::varchar[])""",
                purge.id,
                *(list(column) for column in columns),
            )
        )
        self.invalidate_model()

    @api.model
    def _mark_sealed(self):
        """Free the lines whose seal was delivered for deletion."""
        lines = self.search(
            [
                ("sealed", "!=", True),
                ("seal_id.delivery_ids", "any", [("state", "=", "done")]),
            ]
        )
        if lines:
            trusted(lines).write({"sealed": True})

    def _purge(self):
        """Delete the entries that these lines cover."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """DELETE FROM qms_audit_entry e USING qms_audit_purge_line l
                   WHERE l.id IN %s AND l.sealed AND e.res_model = l.res_model
                     AND e.res_id = l.res_id AND e.seq <= l.seq""",
                tuple(self.ids),
            )
        )
        self.env["qms.audit.entry"].invalidate_model()
        trusted(self).write({"purged": True})
