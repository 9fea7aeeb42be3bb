from datetime import timedelta

from odoo import api, fields, models

from ...sentinel import trusted
from .capa import INSPECTOR, VERDICTS
from .capa_check import FIGURES, KINDS


class QmsCapa(models.Model):
    """By what a CAPA is judged, and what follows from the verdict."""

    _inherit = "qms.capa"

    check_kind = fields.Selection(
        KINDS, string="Effective if", required=True, default="days"
    )
    check_days = fields.Integer(
        string="Days",
        default=90,
        help="How long to watch. Where lots are counted: 0, until there are enough.",
    )
    check_lots = fields.Integer(string="Lots", default=10)
    check_figure = fields.Selection(FIGURES, string="Figure", default="orders")
    check_limit = fields.Float(string="At Most")
    check_criterion = fields.Char(
        string="Criterion", compute="_compute_check_criterion"
    )
    verdict = fields.Selection(
        VERDICTS,
        compute="_compute_verdict",
        store=True,
        index=True,
        qms_audit=False,
        help="Of the last check.",
    )
    # in sudo: who owns a CAPA need not read its checks
    check_text = fields.Char(
        string="Counted", compute="_compute_check_text", compute_sudo=True
    )
    date_check = fields.Datetime(
        string="Check Ends", compute="_compute_check_text", compute_sudo=True
    )

    _check_days_check = models.Constraint(
        "CHECK(check_days >= 0 AND check_lots >= 0 AND check_limit >= 0)",
        "Days, lots and limit of an effectiveness check can't be negative.",
    )

    @api.depends_context("lang")
    @api.depends("check_kind", "check_days", "check_lots", "check_figure")
    @api.depends("check_limit")
    def _compute_check_criterion(self):
        checks = self.env["qms.capa.check"]
        for capa in self:
            capa.check_criterion = checks._get_criterion_text(
                capa.check_kind,
                capa.check_days,
                capa.check_lots,
                capa.check_figure,
                capa.check_limit,
            )

    @api.depends("check_ids.verdict")
    def _compute_verdict(self):
        for capa in self:
            capa.verdict = capa.check_ids.sorted("id")[-1:].verdict

    @api.depends("check_ids.text", "check_ids.date_to")
    def _compute_check_text(self):
        for capa in self:
            check = capa.check_ids.sorted("id")[-1:]
            capa.check_text = check.text
            capa.date_check = check.date_to

    # -- Beginning ---------------------------------------------------------------------

    def _get_check_gaps(self):
        """Return what the check needs to know yet, as a list of texts."""
        self.ensure_one()
        gaps = []
        if not any(self[name] for name in self._get_shared_fields()):
            gaps.append(
                self.env._(
                    "say by what it is known again: cause, product, supplier or work"
                    " center"
                )
            )
        if self.check_kind == "lots" and not self.check_lots:
            gaps.append(self.env._("say within how many lots it must not come again"))
        if self.check_kind != "lots" and not self.check_days:
            gaps.append(self.env._("say for how many days it is watched"))
        if self.check_kind == "figure" and not self.check_figure:
            gaps.append(self.env._("choose the figure that is watched"))
        return gaps

    def _open_checks(self):
        checks = trusted(self.env["qms.capa.check"].sudo())
        checks.create([capa._prepare_check_values() for capa in self])

    def _prepare_check_values(self):
        """Return the values of a check that begins now, by this CAPA's criterion."""
        self.ensure_one()
        now = fields.Datetime.now()
        days = self.check_days
        return {
            "capa_id": self.id,
            "kind": self.check_kind,
            "days": days,
            "lots": self.check_lots,
            "figure": self.check_figure if self.check_kind == "figure" else False,
            "limit": self.check_limit,
            "date_from": now,
            "date_to": now + timedelta(days=days) if days else False,
        }

    def action_count(self):
        """Count now, and not with the next run of the scheduled action.

        :raise AccessError: if the user is no inspector
        :raise UserError: if there is no check going on
        """
        self._check_group(INSPECTOR)
        self._check_stage(["check"], self.env._("Counting"))
        self.check_ids._count()

    # -- Ending ------------------------------------------------------------------------

    def _follow_verdict(self, check):
        """Tell the owner what a check says; open again what didn't work.

        :param check: ``qms.capa.check`` that has ended
        """
        self.ensure_one()
        if check.verdict == "ineffective":
            self._recur(check)
        elif check.verdict == "effective":
            self._tell(
                self.env._("Effective: close it"),
                self.env._("%(capa)s: %(text)s.", capa=self.name, text=check.text),
            )
        else:
            self._tell(
                self.env._("Decide whether it works"),
                self.env._(
                    "%(capa)s: %(text)s. Write your conclusion, and close or reopen"
                    " it.",
                    capa=self.name,
                    text=check.text,
                ),
            )
        self._message_log(body=check.display_name + ": " + (check.text or ""))

    def _recur(self, check):
        capa = trusted(self)
        capa.write(
            {"nonconformance_ids": [(4, case.id) for case in check.nonconformance_ids]}
        )
        capa._reopen(check.text)
        self._tell(
            self.env._("Not effective"),
            self.env._(
                "%(capa)s is open again: %(text)s. Look for the cause once more.",
                capa=self.name,
                text=check.text,
            ),
        )

    def _end_checks(self, text):
        """End the checks that go on, without a verdict of what was counted."""
        running = self.check_ids.filtered(lambda check: check.verdict == "running")
        # sudo: nobody writes checks; who ends the CAPA ends them
        trusted(running.sudo()).write(
            {
                "verdict": "undecided",
                "text": text,
                "date_done": fields.Datetime.now(),
            }
        )
