from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...evidence.content import ContentLine, field_line
from ...sentinel import trusted
from .capa import MANAGER

ACTIVITY = "qms_quality.mail_activity_type_capa_review"


class QmsCapaReview(models.Model):
    """All CAPAs of a month or a quarter as they stood at its end (ISO 9001, 9.3.2)."""

    _name = "qms.capa.review"
    _description = "CAPA Review"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "qms.staged.mixin",
        "qms.guarded.mixin",
    ]
    _order = "date_to desc, period desc, id desc"
    _mail_post_access = "read"

    period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter")], required=True, readonly=True
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    state = fields.Selection(
        [("open", "To Review"), ("done", "Reviewed")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    line_ids = fields.One2many(
        "qms.capa.review.line", "review_id", string="CAPAs", readonly=True
    )
    conclusion = fields.Text(help="What is decided: resources, changes, goals.")
    date_reviewed = fields.Datetime(string="Reviewed on", readonly=True)
    reviewed_by_id = fields.Many2one("res.users", string="Reviewed by", readonly=True)
    line_count = fields.Integer(string="CAPAs There Were", compute="_compute_counts")
    effective_count = fields.Integer(string="Effective", compute="_compute_counts")
    ineffective_count = fields.Integer(
        string="Not Effective", compute="_compute_counts"
    )
    late_count = fields.Integer(string="Late", compute="_compute_counts")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )

    _period_uniq = models.UniqueIndex(
        "(company_id, period, date_from)", "There is a review of this period already."
    )

    @api.depends("period", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for review in self:
            month = format_date(self.env, review.date_to, date_format="MMMM yyyy")
            review.display_name = (
                self.env._("CAPA review, %s", month)
                if review.period == "month"
                else self.env._("CAPA review, quarter until %s", month)
            )

    def _compute_counts(self):
        groups = self.env["qms.capa.review.line"]._read_group(
            [("review_id", "in", self.ids)],
            ["review_id", "verdict", "is_late"],
            ["__count"],
        )
        for review in self:
            own = [row[1:] for row in groups if row[0] == review._origin]
            review.line_count = sum(row[2] for row in own)
            review.effective_count = sum(r[2] for r in own if r[0] == "effective")
            review.ineffective_count = sum(r[2] for r in own if r[0] == "ineffective")
            review.late_count = sum(row[2] for row in own if row[1])

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | {"date_reviewed", "reviewed_by_id"}

    def _check_change(self, vals):
        if "conclusion" in vals:
            self._check_stage(["open"], self.env._("Changing the conclusion"))
        return super()._check_change(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Reviews are kept."))

    # -- Making them -------------------------------------------------------------------

    @api.model
    def _cron_make(self):
        """Make the reviews of the month, and of the quarter, that ended last."""
        first = fields.Date.context_today(self).replace(day=1)
        periods = [("month", 1)]
        if first.month in (1, 4, 7, 10):
            periods.append(("quarter", 3))
        companies = self.env["qms.capa"]._read_group([], ["company_id"])
        for (company,) in companies:
            for period, months in periods:
                start = first - relativedelta(months=months)
                self._make(company, period, start, first - timedelta(days=1))
        self.env["ir.cron"]._commit_progress(len(companies), remaining=0)

    @api.model
    def _make(self, company, period, start, end):
        """Make the review of a period, unless there is one or nothing to review."""
        domain = [("company_id", "=", company.id), ("period", "=", period)]
        if self.search_count([*domain, ("date_from", "=", start)], limit=1):
            return
        capas = self.env["qms.capa"].search(self._get_capa_domain(company, start, end))
        if not capas:
            return
        review = trusted(self).create(
            {
                "company_id": company.id,
                "period": period,
                "date_from": start,
                "date_to": end,
                "line_ids": [
                    (0, 0, self._prepare_line_values(capa, start)) for capa in capas
                ],
            }
        )
        review._ask()

    def _get_capa_domain(self, company, start, end):
        """Return the domain of the CAPAs that were open at some time in a period."""
        return (
            Domain("company_id", "=", company.id)
            & Domain("date_opened", "<", end + timedelta(days=1))
            & (Domain("date_closed", "=", False) | Domain("date_closed", ">=", start))
        )

    def _prepare_line_values(self, capa, start):
        """Return what the review keeps of a CAPA.

        :param start: first day of the period
        """
        judged = capa.check_ids.filtered(
            lambda check: (
                check.verdict != "running"
                and check.date_done
                and check.date_done.date() >= start
            )
        )
        return {
            "capa_id": capa.id,
            "state": capa.state,
            "user_id": capa.user_id.id,
            "verdict": capa.verdict or False,
            "text": capa.check_text,
            "is_late": capa.is_late,
            "late_step_count": capa.step_late_count,
            "check_count": len(judged),
        }

    def _ask(self):
        """Give who reviews an activity."""
        for review in self:
            company = review.company_id
            user = company.sudo().qms_capa_review_user_id
            if not user.active or company not in user.company_ids:
                user = self.env["qms.capa"]._get_manager(company)
            review.activity_schedule(
                ACTIVITY,
                user_id=user.id or self.env.uid,
                summary=review.display_name,
            )

    # -- Reviewing ---------------------------------------------------------------------

    def action_review(self):
        """Say that all was looked at, and what is concluded from it.

        :raise AccessError: if the user is no quality manager
        :raise UserError: without a conclusion, or if it is reviewed already
        """
        return self._qms_guarded("review")

    def _qms_check_review(self):
        self.env.user._qms_check_group(MANAGER)
        self.check_access("write")
        self._check_stage(["open"], self.env._("Reviewing"))
        bare = self.filtered(lambda review: not (review.conclusion or "").strip())
        if bare:
            raise UserError(
                self.env._(
                    "Write what you conclude from: %s.",
                    ", ".join(bare.mapped("display_name")),
                )
            )

    def _qms_do_review(self):
        trusted(self).write(
            {
                "state": "done",
                "date_reviewed": fields.Datetime.now(),
                "reviewed_by_id": self.env.uid,
            }
        )
        self._audit("review")
        # sudo: the activity may be somebody else's
        self.sudo().activity_unlink([ACTIVITY])

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "review": self.env._("Review CAPAs"),
        }

    def _qms_signed_content(self, action, arguments):
        lines = [
            ContentLine(
                f"line {line.id}",
                line.capa_id.display_name,
                [line.capa_id.id, line.state, line.verdict or None],
                line._get_text(),
            )
            for line in self.line_ids
        ]
        names = ("period", "date_from", "date_to", "conclusion")
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in names),
            *lines,
        ]
