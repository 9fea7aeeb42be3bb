from odoo.exceptions import UserError
from odoo.tests import Form

from .signing_case import SigningCase

ISSUE = "qms.certificate:issue"


class CertificateCase(SigningCase):
    """A customer, goods that passed, and the buttons to certify them.

    ``cls.dairy`` is the customer. No certificate rule exists until :meth:`_customer`
    makes one.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.certificate.rule"].search([]).active = False
        cls.dairy = cls.env["res.partner"].create({"name": "City Dairy"})

    @classmethod
    def _customer(cls, *lines, **vals):
        """Return a certificate rule, for ``cls.dairy`` unless told otherwise."""
        rules = cls.env["qms.certificate.rule"].with_user(cls.manager)
        return rules.create(
            {
                "partner_id": cls.dairy.id,
                "line_ids": [(0, 0, line) for line in lines],
                **vals,
            }
        )

    def _passed_order(self, lot="C-1", **kwargs):
        """Return a validated quality order of 10 units of a lot, which passed."""
        order = self._receive_order(lots=[lot], **kwargs)
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.verdict, "passed")
        return order

    def _dialog_of(self, subject, user=None):
        opened = subject.with_user(user or self.inspector).action_qms_certificate()
        wizard = self.env[opened["res_model"]].with_user(user or self.inspector)
        return wizard.browse(opened["res_id"])

    def _make(self, subject, partner=None, lang="en_US", user=None):
        """Press the button and fill the dialog; return what opens."""
        with Form(self._dialog_of(subject, user)) as form:
            form.partner_id = partner or self.dairy
            form.lang = lang
        action = form.record.action_make()
        made = self.env["qms.certificate"].with_user(user or self.inspector)
        return made.browse(action["res_id"])

    def _issue(self, subject, partner=None, lang="en_US"):
        """Return the certificate that an inspector makes and issues."""
        certificate = self._make(subject, partner, lang)
        self.assertFalse(certificate.action_issue())
        self.assertEqual(certificate.state, "issued")
        return certificate

    def _read_lines(self, certificate):
        """Return ``{test: (limits, result)}`` as printed."""
        return {line.name: (line.limits, line.result) for line in certificate.line_ids}

    def _print_certificate(self, certificate, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.inspector)
        html, _kind = report._render_qweb_html(
            "qms_quality.report_certificate", certificate.ids
        )
        return " ".join(html.decode().split())

    def _standing(self, certificate):
        self.env.invalidate_all()
        answer = certificate._get_public_answer(certificate.sudo().token)
        return answer["standing"]

    def _inspect_again(self, lot, weight):
        """Weigh a lot anew, by a quality order by hand."""
        order = self._order_by_hand(lot, self._make_weight_group())
        order.result_ids.value = weight
        order.action_validate()
        return order.with_user(self.env.user)

    def _order_by_hand(self, lot, group):
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        with Form(orders) as form:
            form.product_id = lot.product_id
            form.lot_ids.add(lot)
            form.test_group_ids.add(group)
        return form.record

    def _receive_order_of(self, group):
        self._associate(group, product_ids=self.product.ids)
        return self._receive_order()

    def _get_refusal(self, subject):
        """Return why there is no certificate; the dialog says the same beforehand."""
        wizard = self._dialog_of(subject)
        wizard.partner_id = self.dairy
        with self.assertRaises(UserError) as refused:
            wizard.action_make()
        message = str(refused.exception)
        self.assertEqual(
            [f"- {line}" for line in wizard.problems.split("\n")],
            message.split("\n")[1:],
        )
        return message

    def _correct(self, order, weight=5.2):
        order.with_user(self.manager).action_reopen()
        weighed = order.result_ids.filtered(lambda one: one.test_id == self.weight)
        weighed.with_user(self.inspector).value = weight
        order.with_user(self.inspector).action_validate()
