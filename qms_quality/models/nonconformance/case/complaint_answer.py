from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ...sentinel import trusted
from .nonconformance import INSPECTOR

TEMPLATE = "qms_quality.mail_template_complaint_answer"


class QmsNonconformance(models.Model):
    """The answer that the customer gets."""

    _inherit = "qms.nonconformance"

    def action_answer(self):
        """Open the mail to the customer.

        :raise AccessError: if the user is no inspector
        :raise UserError: if this is no complaint, or nobody is known to answer to
        """
        self.ensure_one()
        self._check_group(INSPECTOR)
        self._check_answer()
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer the Customer"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "force_email": True,
            },
        }

    def _check_answer(self):
        if not self.is_complaint:
            raise UserError(self.env._("%s: not a complaint of a customer.", self.name))
        if not (self.partner_id.email or self.complaint_email):
            raise UserError(
                self.env._(
                    "%s names nobody to answer to. Give the customer, with an email"
                    " address.",
                    self.name,
                )
            )

    def _message_post_after_hook(self, message, msg_values):
        """A mail of ours to the customer is the answer, whichever way it was sent."""
        res = super()._message_post_after_hook(message, msg_values)
        if self.is_complaint and not self.date_answered and self._is_answer(message):
            # sudo: whoever may post may answer, and need not be allowed to write
            trusted(self.sudo()).write(
                {
                    "date_answered": fields.Datetime.now(),
                    "answered_by_id": self.env.uid,
                }
            )
            self._audit("answer", reason=message.subject or self.subject)
        return res

    def _is_answer(self, message):
        """Tell whether ``message`` is written by a colleague to the customer."""
        users = message.author_id.user_ids
        if message.is_internal or message.subtype_id.internal:
            return False
        if not any(not user.share for user in users):
            return False
        return any(map(self._is_customer, message.partner_ids))

    def _is_customer(self, partner):
        """Tell whether ``partner`` is who complains, or speaks for him."""
        customer = self.partner_id.commercial_partner_id
        own = email_normalize(self.complaint_email)
        return bool(
            (customer and partner.commercial_partner_id == customer)
            or (own and partner.email_normalized == own)
        )
