from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class QmsAuditEntry(models.Model):
    """Entries for people: what happened, to what kind of record."""

    _inherit = "qms.audit.entry"

    event_label = fields.Char(string="What", compute="_compute_event_label")
    model_id = fields.Many2one(
        "ir.model",
        string="Kind of Record",
        compute="_compute_model_id",
        search="_search_model_id",
        compute_sudo=True,
    )

    @api.model
    def _get_event_labels(self):
        """Return ``{event: label}``. Override to name more of them."""
        return {
            "create": self.env._("Created"),
            "write": self.env._("Changed"),
            "delete": self.env._("Deleted"),
            "place": self.env._("Hold placed"),
            "release": self.env._("Hold released"),
            "permit": self.env._("Exception decided"),
            "split": self.env._("Lot split"),
            "merge": self.env._("Lots merged"),
            "warned": self.env._("Moved with a warning"),
            "start": self.env._("Inspection started"),
            "record": self.env._("Reading recorded"),
            "correct": self.env._("Reading corrected"),
            "validate": self.env._("Validated"),
            "cancel": self.env._("Cancelled"),
            "reopen": self.env._("Reopened"),
            "groups": self.env._("Authority changed"),
            "await_signature": self.env._("Waiting for a signature"),
        }

    @api.depends_context("lang")
    @api.depends("event")
    def _compute_event_label(self):
        labels = self._get_event_labels()
        for entry in self:
            event = entry.event or ""
            label = labels.get(event) or event.replace("_", " ").capitalize()
            entry.event_label = label

    @api.depends("res_model")
    def _compute_model_id(self):
        for entry in self:
            entry.model_id = self.env["ir.model"]._get(entry.res_model)

    @api.model
    def _search_model_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        domain = value if operator == "any" else [("id", operator, value)]
        # sudo: names of models are no secret
        found = self.env["ir.model"].sudo().search(domain)
        return [("res_model", "in", found.mapped("model"))]

    def action_open_record(self):
        """Open the record that the entry is about.

        :raise UserError: if it is no longer there
        """
        self.ensure_one()
        known = self.res_model in self.env
        if not known or not self.env[self.res_model].browse(self.res_id).exists():
            raise UserError(
                self.env._("%(record)s was deleted.", record=self.record_name)
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_open_group(self):
        """Open all that the same save or action wrote."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_quality.qms_audit_entry_action"
        )
        domain = [("transaction", "=", self.transaction)]
        return {**action, "domain": domain, "context": {}}
