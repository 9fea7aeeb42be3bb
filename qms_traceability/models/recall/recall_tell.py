from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted

from .recall import COORDINATOR

LAYOUT = "mail.mail_notification_layout_with_responsible_signature"
NOTICE = "qms_traceability.mail_template_recall_notice"
REMINDER = "qms_traceability.mail_template_recall_reminder"
# A customer can be told as soon as the goods are being held.
TELLING_STATES = ("containing", "contained", "recovery")


class QmsRecall(models.Model):
    """Telling all customers at once."""

    _inherit = "qms.recall"

    def action_tell(self):
        """Show the notices to customers who aren't told yet, before they are sent.

        :return: action that opens the dialog
        :raise AccessError: if the user is no recall coordinator
        :raise UserError: if a recall is not contained, or there is nobody to tell
        """
        self.ensure_one()
        self._check_tell()
        self._update()
        customers = self.customer_ids.filtered(lambda one: one.state == "to_tell")
        if not customers:
            raise UserError(
                self.env._("%s: all customers are told already.", self.name)
            )
        return self.env["qms.recall.notice.review"]._open(customers)

    def _check_tell(self):
        self._check_coordinator()
        self._check_real(self.env._("Tell Customers"))
        self._check_state(TELLING_STATES, self.env._("Tell Customers"))

    def _begin_recovery(self):
        """Note that the first customer was told."""
        now = fields.Datetime.now()
        for recall in self:
            if not recall.date_told:
                trusted(recall).date_told = now
            if recall.state == "contained":
                recall._set_state("recovery", "tell")


class QmsRecallCustomer(models.Model):
    """A notice is sent, once; or he is told another way."""

    _inherit = "qms.recall.customer"

    def _check_coordinator(self):
        self.env.user._qms_check_group(COORDINATOR)
        self.check_access("write")

    def _check_state(self, states, action):
        """Refuse unless all notices are in one of ``states``.

        :raise UserError: names those that are not
        """
        wrong = self.filtered(lambda one: one.state not in states)
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(action)s isn't possible for: %(customers)s.",
                    action=action,
                    customers=", ".join(
                        f"{one.display_name} ({labels[one.state]})" for one in wrong
                    ),
                )
            )

    # -- By mail -----------------------------------------------------------------------

    def action_tell(self):
        """Send the notices by mail, with the file and the way to answer.

        :raise AccessError: if the user is no recall coordinator
        :raise UserError: names who is told already, and who has no address
        """
        self._check_tell()
        self._tell()

    def _check_tell(self):
        self._check_coordinator()
        self.recall_id._check_tell()
        self._check_state(["to_tell"], self.env._("Send the Notice"))
        self._check_contacts()

    def _check_contacts(self):
        # sudo: who may tell a customer may know whether he has an address
        lacking = self.sudo().filtered(lambda one: not one.contact_id.email)
        if lacking:
            raise UserError(
                self.env._(
                    "There is no e-mail address for: %s. Enter it, choose a contact who"
                    " has one, or tell them another way.",
                    ", ".join(lacking.mapped("partner_name")),
                )
            )

    def _tell(self):
        self._lock()
        # first, so that the file isn't marked as a draft
        self._mark_told("mail")
        for customer in self:
            customer._portal_ensure_token()
            customer._mail(NOTICE)
        self._mark_goods()

    def _lock(self):
        """Refuse if somebody else is telling one of these at the moment.

        :raise UserError: names who is being told
        """
        # sudo: who may read the notice need not write it
        locked = self.sudo().try_lock_for_update()
        if locked != self.sudo():
            raise UserError(
                self.env._(
                    "Somebody else is telling %s right now.",
                    ", ".join((self.sudo() - locked).mapped("partner_name")),
                )
            )
        self.invalidate_recordset(["state"])
        self._check_state(["to_tell"], self.env._("Send the Notice"))

    def _mark_told(self, how, note=None):
        trusted(self).write(
            {
                "state": "told",
                "date_told": fields.Datetime.now(),
                "told_by_id": self.env.uid,
                "told_how": how,
                "told_note": note,
                "date_acknowledged": False,
                "date_answered": False,
            }
        )
        self._audit("tell", reason=note)
        self.recall_id._begin_recovery()

    def _mark_goods(self):
        """Note that they know of all their goods now, of some since long ago."""
        lines = trusted(self).line_ids
        lines.write({"is_told": True})
        first = lines.filtered(lambda line: not line.date_told)
        first.write({"date_told": fields.Datetime.now()})

    def _mail(self, template):
        """Write to the customers.

        :param str template: external id of the mail template
        """
        source = self.env.ref(template)
        for customer in self:
            # sudo: the mail is made whoever may write to the customer
            untrusted(customer.sudo()).message_post_with_source(
                source,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                email_layout_xmlid=LAYOUT,
            )
            trusted(customer.sudo()).mail_count += 1

    # -- Another way -------------------------------------------------------------------

    def action_tell_otherwise(self, note=None):
        """Note that customers were told by telephone, by letter or in person.

        :param str note: how, and who; asked for in a dialog, if empty
        :return: the dialog, or nothing
        :raise AccessError: if the user is no recall coordinator
        :raise UserError: names who is told already
        """
        self._check_coordinator()
        self.recall_id._check_tell()
        self._check_state(["to_tell"], self.env._("Told Another Way"))
        if note is None:
            return self.env["qms.recall.reason"]._open(self, "tell_otherwise")
        note = self.recall_id._check_reason(note)
        self._lock()
        self._mark_told("other", note)
        self._mark_goods()
        return None

    # -- Reminding ---------------------------------------------------------------------

    def action_remind(self):
        """Mind customers who haven't answered.

        :raise AccessError: if the user is no recall coordinator
        :raise UserError: names who has answered or isn't told, and who has no address
        """
        self._check_coordinator()
        self.recall_id._check_tell()
        self._check_state(["told", "acknowledged"], self.env._("Remind"))
        self._check_contacts()
        for customer in self:
            customer._portal_ensure_token()
        self._mail(REMINDER)
        self._audit("remind")

    # -- Looking -----------------------------------------------------------------------

    def action_print(self):
        """Print the notices.

        :return: report action
        """
        report = self.env.ref("qms_traceability.action_report_recall_notice")
        return report.report_action(self)

    def action_preview(self):
        """Show the page that the customer sees."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": self.get_portal_url(),
            "target": "new",
        }
