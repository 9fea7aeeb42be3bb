import json

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .audit_hash import HASHED_FIELDS

BATCH = 10_000
EXPORTED = ("id", *HASHED_FIELDS, "prev_hash", "hash")


class QmsAuditEntry(models.Model):
    _inherit = "qms.audit.entry"

    def action_check(self):
        """Open the dialog that checks the trails of the records of these entries."""
        return self._open_dialog("qms.audit.check", self.env._("Check the Audit Trail"))

    def action_export(self):
        """Open the dialog that exports the trails of the records of these entries."""
        return self._open_dialog(
            "qms.audit.export", self.env._("Export the Audit Trail")
        )

    def _open_dialog(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    @api.model
    def _iterate_lines(self, domain):
        """Yield the entries of ``domain`` that the user may read, as lines of JSON.

        In the order of their ids, in batches.
        """
        last = 0
        while rows := self._read_exported(
            Domain(domain) & Domain("id", ">", last), order="id", limit=BATCH
        ):
            for row in rows:
                yield json.dumps(row, ensure_ascii=False) + "\n"
            last = rows[-1]["id"]

    @api.model
    def _read_exported(self, domain, order, limit=None):
        """Return entries as they are exported and hashed, without the cache."""
        query = self._search(domain, order=order, limit=limit)
        columns = [
            SQL(
                "to_char(%s, 'YYYY-MM-DD HH24:MI:SS')",
                self._field_to_sql(self._table, name, query),
            )
            if name == "date"
            else SQL.identifier(self._table, name)
            for name in EXPORTED
        ]
        rows = self.env.execute_query(query.select(*columns))
        return [dict(zip(EXPORTED, row, strict=True)) for row in rows]

    @api.model
    def _get_last_seal(self):
        """Return the newest seal, for reports."""
        # sudo: when a trail was sealed is no secret to who may read it
        return self.env["qms.audit.seal"].sudo().search([], limit=1)
