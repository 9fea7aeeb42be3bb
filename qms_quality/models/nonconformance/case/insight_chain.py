from typing import NamedTuple

from odoo import fields, models
from odoo.tools import format_date


class ChainStep(NamedTuple):
    """One step from a failure to the test that shows it is gone.

    ``record`` is what can be opened; ``tone`` one of Bootstrap's colours; ``level`` how
    far it is indented; ``documents`` are records that it led to.
    """

    label: str
    title: str
    date: str
    texts: list
    record: models.BaseModel
    tone: str = "info"
    level: int = 0
    documents: list = ()


class QmsNonconformance(models.Model):
    """The failure, what was decided and done, and the test of the result, in a row."""

    _inherit = "qms.nonconformance"

    chain = fields.Html(
        string="From Failure to Re-test",
        compute="_compute_chain",
        # the names of what a case led to are part of the case
        compute_sudo=True,
        sanitize=False,
    )

    def _compute_chain(self):
        for case in self:
            case.chain = self.env["ir.qweb"]._render(
                "qms_quality.nonconformance_chain",
                {"steps": case._get_chain() if case._origin else [], "links": True},
            )

    def _get_chain(self):
        """Return the steps of this case, as a list of :class:`ChainStep`."""
        self.ensure_one()
        case = self.sudo()
        steps = case._get_failure_steps() or [case._get_report_step()]
        for row in case.disposition_ids:
            steps += [row._get_chain_step(), *row._get_retest_steps()]
        loose = case.order_ids.filtered(lambda order: not order.disposition_id)
        steps += [order._get_chain_step(self.env._("Tested")) for order in loose]
        return steps + case._get_end_steps()

    def _get_failure_steps(self):
        by_order = self.failure_ids.grouped("quality_order_id")
        return [
            ChainStep(
                self.env._("Failed"),
                order.name or self.env._("Failure"),
                format_day(self.env, order.date_validated or failures[0].create_date),
                [failure._get_chain_text() for failure in failures],
                order,
                "danger",
            )
            for order, failures in by_order.items()
        ]

    def _get_report_step(self):
        return ChainStep(
            self.env._("Reported"),
            self.subject or "",
            format_day(self.env, self.date_opened),
            [self.create_uid.name] if self.create_uid.active else [],
            self.browse(),
            "danger",
        )

    def _get_end_steps(self):
        if not self.date_closed:
            return []
        by = self.env._("by %s", self.closed_by_id.name) if self.closed_by_id else ""
        label = self.env._("Closed")
        day = format_day(self.env, self.date_closed)
        return [ChainStep(label, by, day, [], self.browse(), "success")]


def format_day(env, moment):
    """Return the day of a moment for people, empty where there is none."""
    if not moment:
        return ""
    return format_date(env, fields.Datetime.context_timestamp(env.user, moment))
