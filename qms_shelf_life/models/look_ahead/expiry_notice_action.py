from base64 import b64encode

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted

from .expiry_notice import KEEPER, SELLER

LAYOUT = "mail.mail_notification_layout_with_responsible_signature"
TEMPLATE = "qms_shelf_life.mail_template_expiry_notice"
LABEL = "qms_shelf_life.report_return_label"


class QmsExpiryNotice(models.Model):
    """A notice is reviewed, and sent or discarded."""

    _inherit = "qms.expiry.notice"

    def _check_may_tell(self):
        """Refuse those who may not write to customers about goods near their date.

        :raise AccessError: says who may
        """
        self.check_access("read")
        if not (self.env.user.has_group(KEEPER) or self.env.user.has_group(SELLER)):
            raise AccessError(
                self.env._(
                    "Only shelf-life managers and sales managers tell customers of"
                    " goods near their date."
                )
            )

    def action_review(self):
        """Show the mails that these notices make, before they are sent.

        :return: action that opens the dialog
        """
        self._check_may_tell()
        self._check_draft()
        review = self.env["qms.expiry.notice.review"]._make(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Review and Send"),
            "res_model": review._name,
            "res_id": review.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_send(self):
        """Send one mail to each customer of these notices, about all of his goods.

        :raise AccessError: if the user is no manager of shelf life or sales
        :raise UserError: names what is sent already, and customers without address
        """
        self._check_may_tell()
        self._check_draft()
        self._check_addresses()
        self._check_on(self.company_id)
        for notice in self._get_mains():
            notice._send(notice._get_told())

    def _check_addresses(self):
        # sudo: who may tell a customer may know whether he has an address
        lacking = self.sudo().partner_id.filtered(lambda partner: not partner.email)
        if lacking:
            raise UserError(
                self.env._(
                    "These customers have no email address: %s. Enter one, or discard"
                    " their notices.",
                    ", ".join(lacking.mapped("display_name")),
                )
            )

    @api.model
    def _check_on(self, companies):
        """Refuse where notices are off.

        :raise UserError: says where to switch them on
        """
        # sudo: who works for a company may know what it does
        off = companies.sudo().filtered(lambda one: not one.qms_expiry_notices)
        if off:
            raise UserError(
                self.env._(
                    "Notices to customers are off in %s. Switch them on in Quality >"
                    " Configuration > Settings, Shelf Life.",
                    ", ".join(off.mapped("name")),
                )
            )

    def _get_mains(self):
        """Return one notice of each mail."""
        groups = self.grouped(lambda one: (one.partner_id, one.company_id, one.kind))
        return self.browse([notices[0].id for notices in groups.values()])

    def _send(self, told):
        """Mark notices as sent and write to their customer.

        :param told: the notices that the mail tells of, this one included
        """
        self.ensure_one()
        # who else sends them at this moment is first
        if told.try_lock_for_update() != told:
            raise UserError(
                self.env._(
                    "Somebody else is sending the notices to %s right now.",
                    self.partner_id.display_name,
                )
            )
        # sudo: the mail is made whoever may write to the customer
        trusted(told.sudo()).write(
            {
                "state": "sent",
                "date_sent": fields.Datetime.now(),
                "sent_by_id": self.env.uid,
                "main_id": self.id,
            }
        )
        untrusted(self.sudo()).message_post_with_source(
            self.env.ref(TEMPLATE),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid=LAYOUT,
            attachment_ids=self._make_label(),
        )

    def _make_label(self):
        """Return the ids of the files that go with the mail: the return label."""
        if self.kind != "return":
            return []
        # sudo: as the mail
        own = self.sudo().with_context(lang=self._get_lang())
        content, kind = own.env["ir.actions.report"]._render_qweb_pdf(LABEL, own.ids)
        label = own.env._("Return label %s", own.name).replace("/", "-")
        return (
            own.env["ir.attachment"]
            .create(
                {
                    "name": f"{label}.{kind}",
                    "raw": content,
                    "res_model": own._name,
                    "res_id": own.id,
                }
            )
            .ids
        )

    def action_discard(self):
        """Tell nobody about these goods. It isn't proposed again.

        :raise AccessError: if the user is no manager of shelf life or sales
        :raise UserError: names what is sent or discarded already
        """
        self._check_may_tell()
        self._check_draft()
        # sudo: decided by those who may tell
        trusted(self.sudo()).write({"state": "discarded"})

    def action_restore(self):
        """Take discarded notices up again.

        :raise AccessError: if the user is no manager of shelf life or sales
        """
        self._check_may_tell()
        discarded = self.filtered(lambda notice: notice.state == "discarded")
        # sudo: decided by those who may tell
        trusted(discarded.sudo()).write({"state": "draft"})

    def action_print_label(self):
        """Print the return labels of these notices.

        :return: report action
        """
        report = self.env.ref("qms_shelf_life.action_report_return_label")
        return report.report_action(self)

    # -- On the label ------------------------------------------------------------------

    def _get_labels(self):
        """Return the notices that have a label: all lots of one mail."""
        return self._get_told() if self.kind == "return" else self

    def _get_return_partner(self):
        """Return where goods go back to: the address of a warehouse, or the company."""
        company = self.company_id
        warehouses = self.env["stock.warehouse"]
        warehouse = warehouses.search([("company_id", "=", company.id)], limit=1)
        return warehouse.partner_id or company.partner_id

    def _get_code(self, kind, **size):
        """Return a bar code for ``src``: the lot's number, or the notice's."""
        value = self.name if kind == "QR" else self.lot_id.name
        image = self.env["ir.actions.report"].barcode(kind, value, **size)
        return f"data:image/png;base64,{b64encode(image).decode()}"
