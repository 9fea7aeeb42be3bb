from odoo import api, fields, models

from ...evidence.content import ContentLine, raw_value
from ...number_text import format_number
from .capa import VERDICTS

KINDS = [
    ("days", "No recurrence within days"),
    ("lots", "No recurrence within lots"),
    ("figure", "A figure stays under a limit"),
]
FIGURES = [
    ("cases", "Nonconformances of this kind"),
    ("orders", "Failed quality orders (%)"),
]


class QmsCapaCheck(models.Model):
    """One watch over whether the measures work, as it was begun, and what came of it.

    What it counts are nonconformances and quality orders; nobody writes it by hand.
    """

    _name = "qms.capa.check"
    _description = "Effectiveness Check"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _order = "id desc"

    capa_id = fields.Many2one(
        "qms.capa", string="CAPA", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, string="Criterion", required=True, readonly=True)
    days = fields.Integer(readonly=True)
    lots = fields.Integer(readonly=True)
    figure = fields.Selection(FIGURES, readonly=True)
    limit = fields.Float(string="At Most", readonly=True)
    date_from = fields.Datetime(string="Since", required=True, readonly=True)
    date_to = fields.Datetime(string="Until", readonly=True)
    verdict = fields.Selection(
        VERDICTS, required=True, readonly=True, default="running", index=True
    )
    date_counted = fields.Datetime(string="Counted on", readonly=True, qms_audit=False)
    date_done = fields.Datetime(string="Ended on", readonly=True)
    lot_count = fields.Integer(string="Lots Inspected", readonly=True, qms_audit=False)
    value = fields.Float(string="Figure Counted", readonly=True, qms_audit=False)
    nonconformance_ids = fields.Many2many(
        "qms.nonconformance",
        "qms_capa_check_nonconformance_rel",
        "check_id",
        "nonconformance_id",
        string="Recurrences",
        readonly=True,
        ondelete="restrict",
    )
    text = fields.Char(string="What Was Counted", readonly=True, qms_audit=False)
    criterion = fields.Char(string="Effective if", compute="_compute_criterion")
    company_id = fields.Many2one(
        related="capa_id.company_id", store=True, index=True, precompute=True
    )

    _running_idx = models.Index("(date_counted) WHERE verdict = 'running'")

    @api.depends("capa_id", "date_from")
    def _compute_display_name(self):
        for check in self:
            day = fields.Datetime.context_timestamp(check, check.date_from).date()
            check.display_name = self.env._(
                "%(capa)s since %(date)s", capa=check.capa_id.name, date=day
            )

    @api.depends_context("lang")
    @api.depends("kind", "days", "lots", "figure", "limit")
    def _compute_criterion(self):
        for check in self:
            check.criterion = self._get_criterion_text(
                check.kind, check.days, check.lots, check.figure, check.limit
            )

    @api.model
    def _get_criterion_text(self, kind, days, lots, figure, limit):
        """Return what must come true, for people."""
        if kind == "days":
            return self.env._("no recurrence within %s days", days)
        if kind == "lots":
            return self.env._("no recurrence within %s inspected lots", lots)
        figures = dict(self._fields["figure"]._description_selection(self.env))
        return self.env._(
            "%(figure)s: at most %(limit)s within %(days)s days",
            figure=figures.get(figure, ""),
            limit=format_number(self.env, limit),
            days=days,
        )

    def _prepare_signed_line(self):
        """Return the line of this check in what is signed with its CAPA."""
        self.ensure_one()
        value = [
            self.kind,
            self.days,
            self.lots,
            self.figure or None,
            raw_value(self, "limit"),
            self.verdict,
            self.nonconformance_ids.ids,
        ]
        verdicts = dict(self._fields["verdict"]._description_selection(self.env))
        text = f"{self.criterion}: {verdicts[self.verdict]}"
        return ContentLine(f"check {self.id}", self.env._("Check"), value, text)

    def action_open_recurrences(self):
        """Open the nonconformances that came again."""
        name = self.env._("Recurrences")
        return self.nonconformance_ids._get_records_action(name=name)
