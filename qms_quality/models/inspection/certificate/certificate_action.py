from odoo import api, fields, models
from odoo.exceptions import UserError

from ...evidence.content import field_line
from ...sentinel import trusted

INSPECTOR = "qms_quality.group_quality_inspector"
MANAGER = "qms_quality.group_quality_manager"


class QmsCertificate(models.Model):
    """The actions that move a certificate from state to state."""

    _inherit = "qms.certificate"

    @api.model
    def _check_group(self, group):
        """Refuse unless the user is in ``group``; being superuser doesn't stand in.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(group)

    def _check_state(self, state, action):
        """Refuse unless all certificates are in ``state``.

        :raise UserError: names those that are not
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(lambda one: one.state != state)
        if wrong:
            raise UserError(
                self.env._(
                    "%(action)s isn't possible for: %(certificates)s.",
                    action=action,
                    certificates=", ".join(
                        f"{one.name} ({states[one.state]})" for one in wrong
                    ),
                )
            )

    # -- What is signed ----------------------------------------------------------------

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "issue": self.env._("Issue a certificate of analysis"),
        }

    def _qms_signed_content(self, action, arguments):
        names = ("name", "partner_id", "lang", "order_id", "lot_id", "picking_id")
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in names if self[name]),
            *(line._prepare_signed_line() for line in self.line_ids),
        ]

    def _qms_get_attachment_domain(self):
        # a mail that the certificate is sent with is no part of it
        return [("id", "=", False)]

    def _qms_get_involved_users(self, action):
        orders = self.sudo().goods_ids.order_ids
        involved = super()._qms_get_involved_users(action)
        return involved | orders._qms_get_involved_users("validate")

    # -- Issuing -----------------------------------------------------------------------

    def action_issue(self):
        """Issue drafts, with the readings as they are now.

        :raise AccessError: if the user is no inspector
        :raise UserError: says all that speaks against it
        """
        self._check_group(INSPECTOR)
        self.check_access("write")
        self._refresh()
        return self._qms_guarded("issue")

    def _qms_check_issue(self):
        self._check_group(INSPECTOR)
        self.check_access("write")
        self._check_issue()

    def _check_issue(self):
        self._check_state("draft", self.env._("Issue"))
        for draft in self:
            draft = draft.with_company(draft.company_id)
            subject = draft._get_subject()
            problems = draft._get_problems(subject, draft.partner_id)
            if problems:
                self._refuse(subject, problems)
            values = draft._prepare_values(subject, draft.partner_id, draft.lang)
            if values["content_hash"] != draft.content_hash:
                raise UserError(
                    self.env._(
                        "The readings on %s have changed since it was made. Open it"
                        " and press Issue: it is brought up to date first.",
                        draft.name,
                    )
                )

    def _qms_do_issue(self):
        self._issue()

    def _issue(self):
        # sudo: who may issue was asked before; a delivery issues for whoever validates
        trusted(self.sudo()).write(
            {
                "state": "issued",
                "date_issued": fields.Datetime.now(),
                "issued_by_id": self.env.uid,
            }
        )
        self._audit("issue")
        for certificate in self:
            certificate._supersede_former()
        self._attach_to_delivery()

    def _supersede_former(self):
        """Mark the certificates whose place this one takes.

        Those that say the same in another language stay valid.
        """
        subject = self._get_subject()
        # sudo: who issues this one may do it, whoever issued the others
        former = self.sudo().search(
            [
                ("id", "!=", self.id),
                ("state", "=", "issued"),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                (self._get_subject_field(subject), "=", subject.id),
            ]
        )
        former = former.filtered(
            lambda one: one.content_hash != self.content_hash or one.lang == self.lang
        )
        trusted(former).write({"state": "superseded", "superseded_by_id": self.id})
        former._audit("supersede", reason=self.env._("Superseded by %s", self.name))

    # -- Withdrawing -------------------------------------------------------------------

    def action_withdraw(self):
        """Take back certificates: their page says so from now on.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if one isn't issued
        """
        self._check_group(MANAGER)
        self.check_access("write")
        self._check_state("issued", self.env._("Withdraw"))
        trusted(self).write({"state": "withdrawn"})
        self._audit("withdraw")

    def action_print(self):
        """Print the certificates.

        :return: report action
        """
        report = self.env.ref("qms_quality.action_report_certificate")
        return report.report_action(self)
