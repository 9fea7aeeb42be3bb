from odoo import api, fields, models

from .sampling_plan_z14 import SEVERITIES

_STATES = [*SEVERITIES, ("discontinued", "Discontinued")]


class QmsSamplingSeveritySwitch(models.Model):
    """A switch between normal, tightened and reduced inspection, with its reason."""

    _name = "qms.sampling.severity.switch"
    _description = "Severity Switch"
    _inherit = ["qms.sampling.record"]
    _qms_audit_whole = "severity_id"
    _order = "id desc"

    severity_id = fields.Many2one(
        "qms.sampling.severity",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="severity_id.company_id", store=True, precompute=True
    )
    old_severity = fields.Selection(_STATES, string="From", readonly=True)
    new_severity = fields.Selection(_STATES, string="To", readonly=True)
    reason = fields.Selection(
        [
            ("two_of_five", "Two of five or fewer lots in a row rejected"),
            ("five_accepted", "Five lots in a row accepted"),
            ("five_rejected", "Five lots rejected on tightened inspection"),
            ("ten_accepted", "Ten lots in a row accepted, production steady"),
            ("rejected_on_reduced", "A lot rejected on reduced inspection"),
            ("between", "Defects between acceptance and rejection number"),
            ("irregular", "Production became irregular"),
            ("resumed", "Resumed after corrective action"),
            ("manual", "By hand"),
        ],
        readonly=True,
    )
    comment = fields.Char(readonly=True)
    order_id = fields.Many2one(
        "qms.quality.order", string="After", readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", string="By", readonly=True)

    @api.depends_context("lang")
    @api.depends("old_severity", "new_severity", "reason", "comment")
    def _compute_display_name(self):
        for switch in self:
            old, new = switch._get_labels()
            switch.display_name = f"{old} → {new}: {switch._get_reason()}"

    def _get_labels(self):
        """Return the severities before and after, for people."""
        labels = dict(self._fields["new_severity"]._description_selection(self.env))
        return labels.get(self.old_severity, ""), labels.get(self.new_severity, "")

    def _get_reason(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        reason = labels.get(self.reason, "")
        return f"{reason}: {self.comment}" if self.comment else reason
