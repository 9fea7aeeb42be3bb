from odoo import api, fields, models

INSPECTOR = "qms_quality.group_quality_inspector"


class QmsCertificateWizard(models.TransientModel):
    """Asks for whom a certificate is, and says beforehand why there can be none."""

    _name = "qms.certificate.wizard"
    _description = "Make a Certificate of Analysis"
    _check_company_auto = True

    order_id = fields.Many2one("qms.quality.order", string="Quality Order")
    lot_id = fields.Many2one("stock.lot", string="Lot/Serial Number")
    picking_id = fields.Many2one("stock.picking", string="Delivery")
    company_id = fields.Many2one("res.company", required=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        check_company=True,
        help="Empty: for whoever asks.",
    )
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        required=True,
        compute="_compute_lang",
        store=True,
        readonly=False,
        precompute=True,
    )
    rule_name = fields.Char(string="By Rule", compute="_compute_problems")
    problems = fields.Text(compute="_compute_problems")

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.depends("partner_id", "company_id")
    def _compute_lang(self):
        for wizard in self:
            partner = wizard.partner_id or wizard.company_id.partner_id
            wizard.lang = partner.lang or self.env.lang

    @api.depends("partner_id", "order_id", "lot_id", "picking_id")
    def _compute_problems(self):
        certificates = self.env["qms.certificate"]
        for wizard in self:
            subject, partner = wizard._get_subject()._origin, wizard.partner_id._origin
            problems = certificates._get_problems(subject, partner) if subject else []
            wizard.problems = "\n".join(problems)
            rule = certificates._get_rule(subject, partner)
            wizard.rule_name = rule.display_name if rule else False

    def _get_subject(self):
        return self.order_id or self.lot_id or self.picking_id

    @api.model
    def _open(self, subject):
        """Return the dialog for the certificate of a subject.

        :param subject: ``qms.quality.order``, ``stock.lot`` or ``stock.picking``
        :raise AccessError: if the user is no inspector, or may not read it
        """
        subject.ensure_one()
        certificates = self.env["qms.certificate"]
        certificates._check_group(INSPECTOR)
        subject.check_access("read")
        wizard = self.create(
            {
                certificates._get_subject_field(subject): subject.id,
                "company_id": (subject.company_id or self.env.company).id,
                "partner_id": self._get_customer(subject).id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Certificate of Analysis"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _get_customer(self, subject):
        # the partner of an order is whom the goods came from
        is_delivery = subject._name == "stock.picking"
        return subject.partner_id if is_delivery else self.env["res.partner"]

    def action_make(self):
        """Make the draft; open it, or the certificate that says the same already.

        :return: action
        :raise AccessError: if the user is no inspector
        :raise UserError: says all that speaks against it
        """
        self.ensure_one()
        self.env["qms.certificate"]._check_group(INSPECTOR)
        subject = self._get_subject()
        subject.check_access("read")
        self.partner_id.check_access("read")
        made = self.env["qms.certificate"]._make(subject, self.partner_id, self.lang)
        return made._get_records_action(name=self.env._("Certificate of Analysis"))
