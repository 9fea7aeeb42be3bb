import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from odoo.addons.base.models.ir_qweb import QWebError

from ...retry import is_transient

_logger = logging.getLogger(__name__)

REPORT = "qms_quality.report_certificate"


class QmsCertificate(models.Model):
    """The file of a certificate goes with its delivery."""

    _inherit = "qms.certificate"

    def _attach_to_delivery(self):
        """Post the files of certificates of deliveries on them.

        What keeps a file from being made is told there, and stops nothing, unless the
        customer's rule requires the certificate.

        :raise UserError: says why there is no file, where it is required
        """
        for certificate in self.filtered("picking_id"):
            try:
                with self.env.cr.savepoint():
                    certificate._post_file()
            # any: what another addon does to a print never stops a delivery
            except Exception as error:
                if is_transient(error):
                    raise
                problem = certificate._get_unprinted_text(error)
                # sudo: a rule holds for those, too, who may not read it
                if certificate.sudo().rule_id.required:
                    raise UserError(problem) from error
                certificate.picking_id._qms_tell_uncertified(problem)

    def _get_unprinted_text(self, error):
        if not isinstance(error, UserError):
            # where it happened is for who mends it
            _logger.warning("Certificate %s isn't printed", self.name, exc_info=error)
        if isinstance(error, QWebError):
            error = error.__cause__ or error
        return self.env._(
            "The file of %(certificate)s can't be made: %(error)s",
            certificate=self.name,
            error=error,
        )

    def _post_file(self):
        # sudo: whoever validates the delivery gets its certificate
        told = self.sudo().with_context(lang=self.lang)
        content, kind = told.env["ir.actions.report"]._render_qweb_pdf(REPORT, self.ids)
        told.picking_id.message_post(
            body=self.env._("Certificate of analysis %s", self.name),
            attachments=[(f"{self.name.replace('/', '-')}.{kind}", content)],
        )

    def _issue_unasked(self):
        """Issue a draft that a delivery asks for, as far as its rules are met.

        :return bool: whether it is issued now
        """
        drafts = self.filtered(lambda one: one.state == "draft")
        drafts._qms_let_pass("issue")._issue()
        return self.state == "issued"


class StockPicking(models.Model):
    """A delivery takes its certificate along, where the customer's rule says so."""

    _inherit = "stock.picking"

    def _action_done(self):
        res = super()._action_done()
        for picking, rule in self._qms_get_certificate_rules().items():
            picking._qms_certify(rule)
        return res

    def _qms_get_certificate_rules(self):
        """Return ``{delivery: its rule}`` of those that are to be certified."""
        rules = self.env["qms.certificate.rule"]
        if not rules._get_attaching_ids():
            return {}
        found = {
            picking: rules._get_for(picking.partner_id, picking.company_id)
            for picking in self
            if picking.state == "done" and picking.location_dest_id.usage == "customer"
        }
        return {picking: rule for picking, rule in found.items() if rule.attach}

    def _qms_certify(self, rule):
        """Issue and attach the certificate of this delivery.

        :param rule: ``qms.certificate.rule``
        :raise UserError: if the rule requires one, and there is none
        """
        # sudo: whoever validates the delivery issues its certificate
        if not self.sudo()._qms_get_certified():
            return
        problem = self._qms_try_to_certify()
        if problem and rule.required:
            raise UserError(
                self.env._(
                    "%(delivery)s can't be delivered without its certificate of"
                    " analysis, which %(rule)s requires.\n%(problem)s",
                    delivery=self.name,
                    rule=rule.display_name,
                    problem=problem,
                )
            )
        if problem:
            self._qms_tell_uncertified(problem)

    def _qms_try_to_certify(self):
        """Issue the certificate of this delivery; return what prevents it."""
        certificates = self.env["qms.certificate"].sudo()
        try:
            with self.env.cr.savepoint():
                certificate = certificates._make(self, self.partner_id)
                if certificate._issue_unasked():
                    return None
        except UserError as refusal:
            return str(refusal)
        return self.env._(
            "%s waits for a signature or an approval. Make it on the transfer, with the"
            " button Certificate, before you deliver.",
            certificate.name,
        )

    def _qms_tell_uncertified(self, problem):
        """Give who validates the delivery the task to see to its certificate."""
        user = self.env.user if self.env.user._is_human() else self.user_id
        # sudo: somebody is told who may not plan activities here
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id or self.env.uid,
            summary=self.env._("Certificate of analysis is missing"),
            note=plaintext2html(problem),
        )
