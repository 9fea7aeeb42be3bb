from odoo import api, fields, models
from odoo.exceptions import UserError

from ...evidence.content import ContentLine
from ...sentinel import trusted
from .nonconformance import DONE_STATES, MANAGER

VERDICTS = ("yes", "no")


class QmsNonconformance(models.Model):
    """Whether a complaint has to be reported to an authority, and why."""

    _inherit = "qms.nonconformance"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "judge": self.env._("Decide whether a complaint is reportable"),
        }

    def action_judge(self):
        """Ask whether these complaints have to be reported.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if a case is no open complaint
        """
        self._check_judge()
        judgement = self.env["qms.complaint.judgement"].create(
            {"nonconformance_ids": [(6, 0, self.ids)]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report to the Authority?"),
            "res_model": judgement._name,
            "res_id": judgement.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_judge(self):
        self._check_group(MANAGER)
        wrong = self.filtered(
            lambda case: not case.is_complaint or case.state in DONE_STATES
        )
        if wrong:
            raise UserError(
                self.env._(
                    "Only open complaints of customers are judged, not: %s.",
                    ", ".join(wrong.mapped("name")),
                )
            )

    def _qms_check_judge(self, reportable, reason):
        self._check_judge()
        if reportable not in VERDICTS or not (reason or "").strip():
            raise UserError(
                self.env._("Choose yes or no, and say what the decision rests on.")
            )

    def _qms_do_judge(self, reportable, reason):
        trusted(self).write(
            {
                "reportable": reportable,
                "reportable_reason": reason,
                "reportable_by_id": self.env.uid,
                "date_reportable": fields.Datetime.now(),
            }
        )
        self._audit("judge", reason=reason)

    def _qms_signed_content(self, action, arguments):
        lines = super()._qms_signed_content(action, arguments)
        if action != "judge":
            return lines
        verdict = arguments.get("reportable")
        labels = dict(self._fields["reportable"]._description_selection(self.env))
        field = self._fields["reportable"]
        return [
            *lines,
            ContentLine(
                "reportable",
                field._description_string(self.env),
                verdict,
                labels.get(verdict, ""),
            ),
        ]
