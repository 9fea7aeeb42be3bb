from odoo import api, fields, models
from odoo.exceptions import UserError

from ...evidence.content import field_line
from ...sentinel import trusted
from ..case.nonconformance import INSPECTOR, MANAGER
from .claim import ANSWERS

TOLD = (
    "name",
    "partner_id",
    "subject",
    "product_name",
    "lot_names",
    "quantity",
    "uom_id",
    "order_ref",
    "problem",
    "amount_total",
    "file_ids",
)


class QmsSupplierClaim(models.Model):
    """The actions that move a claim from state to state."""

    _inherit = "qms.supplier.claim"

    def _check_group(self, group):
        """Refuse unless the user is in ``group``; being superuser doesn't stand in.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(group)
        self.check_access("write")

    def _check_state(self, states, action):
        """Refuse unless all claims are in one of ``states``.

        :raise UserError: names those that are not
        """
        wrong = self.filtered(lambda claim: claim.state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "%(action)s isn't possible for: %(claims)s.",
                    action=action,
                    claims=", ".join(wrong._get_name_and_state()),
                )
            )

    # -- What is signed or approved ----------------------------------------------------

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "send": self.env._("Send a claim to the vendor"),
            "accept": self.env._("Accept the vendor's answer"),
        }

    def _qms_signed_content(self, action, arguments):
        names = TOLD if action == "send" else ("name", "partner_id", *ANSWERS)
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in names if self[name]),
        ]

    def _qms_get_attachment_domain(self):
        # mails are attached, too, which are no part of what is decided
        files = self.file_ids | self.answer_file_ids
        return [("id", "in", files.ids)]

    # -- Send --------------------------------------------------------------------------

    def action_send(self):
        """Send claims to their vendors by mail, with the file and the way to answer.

        :raise AccessError: if the user is no inspector
        :raise UserError: says what keeps a claim from being sent
        """
        return self._qms_guarded("send")

    def _qms_check_send(self):
        self._check_group(INSPECTOR)
        self._check_state(["draft"], self.env._("Send"))
        self._check_mail()

    def _qms_do_send(self):
        self._send()

    def _check_mail(self):
        unknown = self.partner_id.filtered(lambda partner: not partner.email)
        if unknown:
            raise UserError(
                self.env._(
                    "There is no e-mail address to send the claim to: %s. Enter it, or"
                    " choose a contact who has one.",
                    ", ".join(unknown.mapped("display_name")),
                )
            )

    def _send(self):
        now = fields.Datetime.now()
        for claim in self:
            trusted(claim).write(
                {
                    "state": "sent",
                    "date_sent": now,
                    "round_number": 1,
                    **claim._prepare_dates(),
                }
            )
            claim._portal_ensure_token()
        self._audit("send")
        self._mail("mail_template_supplier_claim")

    # -- Answer for the vendor ---------------------------------------------------------

    def action_answer(self):
        """Enter the answer of a vendor who sent it another way, as complete.

        :raise AccessError: if the user is no inspector
        :raise UserError: if it isn't awaited, or not complete
        """
        self._check_group(INSPECTOR)
        self._check_state(["sent"], self.env._("Enter the answer"))
        for claim in self:
            claim._check_answer()
            claim._answer(self.env.user.name, "internal")

    # -- Decide about the answer -------------------------------------------------------

    def action_accept(self):
        """Accept the answers: the claims are settled.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if one isn't answered
        """
        return self._qms_guarded("accept")

    def _qms_check_accept(self):
        self._check_group(MANAGER)
        self._check_state(["answered"], self.env._("Accept"))

    def _qms_do_accept(self):
        self._accept()

    def _accept(self):
        trusted(self).write(
            {
                "state": "accepted",
                "date_accepted": fields.Datetime.now(),
                "accepted_by_id": self.env.uid,
            }
        )
        self._audit("accept")
        self._settle()
        self._mail("mail_template_supplier_claim_settled")

    def action_return(self, reason):
        """Give answers back to their vendors, who are asked once more.

        :param str reason: what is missing; the vendor reads it
        :raise AccessError: if the user is no inspector
        :raise UserError: if one isn't answered, or there is no reason
        """
        self._check_group(INSPECTOR)
        self._check_state(["answered"], self.env._("Return to the vendor"))
        self._check_mail()
        self._return(self._check_reason(reason))

    def _return(self, reason):
        for claim in self:
            trusted(claim).write(
                {
                    "state": "sent",
                    "remark": reason,
                    "round_number": claim.round_number + 1,
                    "date_deadline": False,
                    "date_answered": False,
                }
            )
            trusted(claim).write(claim._prepare_dates())
        self._audit("return", reason=reason)
        self._settle()
        self._mail("mail_template_supplier_claim")

    def action_cancel(self, reason):
        """Withdraw claims that were sent.

        :param str reason: why; the vendor reads it
        :raise AccessError: if the user is no quality manager
        :raise UserError: if one isn't open, or there is no reason
        """
        self._check_group(MANAGER)
        self._check_state(["sent", "answered"], self.env._("Withdraw"))
        self._cancel(self._check_reason(reason))

    def _cancel(self, reason):
        trusted(self).write({"state": "cancelled", "remark": reason})
        self._audit("cancel", reason=reason)
        self._settle()
        self._mail("mail_template_supplier_claim_settled")

    def _check_reason(self, reason):
        reason = (reason or "").strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say why: the vendor reads it."))
        return reason

    def _settle(self):
        """End what was asked of people here, and the requests to approve."""
        self.activity_unlink(
            ["qms_quality.activity_claim_answered", "qms_quality.activity_claim_late"]
        )
        self._qms_void_approvals(self.env._("the claim went on."))

    # -- Dialog and paper --------------------------------------------------------------

    def action_ask_return(self):
        """Ask what is missing in the answer."""
        return self.env["qms.supplier.claim.remark"]._open(self, "return")

    def action_ask_cancel(self):
        """Ask why the claim is withdrawn."""
        return self.env["qms.supplier.claim.remark"]._open(self, "cancel")

    def action_print(self):
        """Print the claims.

        :return: report action
        """
        report = self.env.ref("qms_quality.action_report_supplier_claim")
        return report.report_action(self)

    def action_preview(self):
        """Show the claim as the vendor sees it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": self.access_url,
        }
