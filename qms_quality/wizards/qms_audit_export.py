from odoo import fields, models
from odoo.exceptions import UserError

PRINTED = 5_000


class QmsAuditExport(models.TransientModel):
    """Hands out a part of the audit trail, as a file or on paper."""

    _name = "qms.audit.export"
    _description = "Export of the Audit Trail"
    _inherit = ["qms.audit.scope.mixin"]

    entry_count = fields.Integer(string="Entries", compute="_compute_entry_count")

    def _compute_entry_count(self):
        for export in self:
            export.entry_count = self.env["qms.audit.entry"].search_count(
                export._get_entry_domain()
            )

    def action_export(self):
        """Download the entries as JSON lines, for ``tools/verify_audit``.

        :raise UserError: if there are none
        """
        self.ensure_one()
        self._check_some_entries()
        return {
            "type": "ir.actions.act_url",
            "url": f"/qms_quality/audit/export/{self.id}",
            "target": "download",
        }

    def action_print(self):
        """Print the entries, record by record.

        :raise UserError: if there are none, or too many for paper
        """
        self.ensure_one()
        self._check_some_entries()
        if self.entry_count > PRINTED:
            raise UserError(
                self.env._(
                    "These are %(count)s entries, and at most %(limit)s are printed at"
                    " once. Choose fewer records or a shorter period.",
                    count=self.entry_count,
                    limit=PRINTED,
                )
            )
        report = self.env.ref("qms_quality.action_report_audit_trail")
        return report.report_action(self)

    def _get_file_name(self):
        stamp = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        return f"audit-trail-{stamp:%Y%m%d-%H%M%S}.jsonl"

    def _get_trails(self):
        """Return ``(name, model, entries, signatures)`` of each record, to print."""
        entries = self.env["qms.audit.entry"].search(
            self._get_entry_domain(), order="res_model, res_id, seq", limit=PRINTED
        )
        trails = entries.grouped(lambda entry: (entry.res_model, entry.res_id))
        nothing = self.env["qms.signature"]
        signatures = nothing._get_of(trails)
        # sudo: how models are called is no secret
        models = self.env["ir.model"].sudo()
        return [
            (
                trail[-1].record_name,
                models._get(key[0]).name or key[0],
                trail,
                signatures.get(key, nothing),
            )
            for key, trail in trails.items()
        ]
