from odoo import api, fields, models

from ..transaction import TRANSACTION_TYPES


class QmsInspectionStatus(models.Model):
    _inherit = "qms.inspection.status"

    blocked_names = fields.Char(string="Blocks", compute="_compute_policy_names")
    warned_names = fields.Char(string="Warns of", compute="_compute_policy_names")
    open_hold_count = fields.Integer(compute="_compute_open_hold_count")

    @api.depends_context("lang")
    @api.depends(*[f"policy_{name}" for name, _label in TRANSACTION_TYPES])
    def _compute_policy_names(self):
        for status in self:
            status.blocked_names = status._get_policy_names("block")
            status.warned_names = status._get_policy_names("warn")

    def _get_policy_names(self, policy):
        """Return the names of the transactions that have ``policy``, for people."""
        self.ensure_one()
        names = [f"policy_{name}" for name, _label in TRANSACTION_TYPES]
        return ", ".join(
            self._fields[name]._description_string(self.env)
            for name in names
            if self[name] == policy
        )

    def _compute_open_hold_count(self):
        counts = dict(
            self.env["qms.hold"]._read_group(
                [("status_id", "in", self.ids), ("state", "=", "open")],
                ["status_id"],
                ["__count"],
            )
        )
        for status in self:
            status.open_hold_count = counts.get(status, 0)

    def action_open_holds(self):
        """Open the holds of this status, the open ones first in view."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_quality.qms_hold_action"
        )
        return dict(action, domain=[("status_id", "in", self.ids)])
