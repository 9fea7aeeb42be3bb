from odoo import api, fields, models, tools


class QmsCertificateRule(models.Model):
    """What the certificates of a customer, or of a group of customers, say.

    One rule applies: that of the customer, of the company he belongs to, of one of
    their tags, or the one for everybody, in this order.
    """

    _name = "qms.certificate.rule"
    _description = "Certificate Rule"
    _inherit = ["qms.cached.mixin", "qms.audit.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="For this customer, and for the addresses that belong to him.",
    )
    category_id = fields.Many2one(
        "res.partner.category",
        string="Customers Tagged",
        index="btree_not_null",
        ondelete="cascade",
        help="For all customers with this tag.",
    )
    attach = fields.Boolean(
        string="With Each Delivery",
        help="Validating a delivery issues its certificate and attaches it. If that is"
        " not possible, somebody is told why.",
    )
    required = fields.Boolean(
        help="A delivery can't be validated without its certificate.",
    )
    line_ids = fields.One2many(
        "qms.certificate.rule.line", "rule_id", string="Tests", copy=True
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="Empty: for all companies.",
    )

    _customer_check = models.Constraint(
        "CHECK(partner_id IS NULL OR category_id IS NULL)",
        "A rule is for one customer or for one tag. Make a rule for each.",
    )
    _required_check = models.Constraint(
        "CHECK(attach OR NOT required)",
        "Only a certificate that comes with each delivery can be required.",
    )
    _customer_uniq = models.UniqueIndex(
        "(COALESCE(partner_id, 0), COALESCE(category_id, 0), COALESCE(company_id, 0))"
        " WHERE active",
        "There is a rule for these customers already.",
    )

    @api.depends("partner_id", "category_id")
    def _compute_display_name(self):
        for rule in self:
            customers = rule.partner_id or rule.category_id
            rule.display_name = customers.display_name or self.env._("All customers")

    @api.onchange("attach")
    def _onchange_attach(self):
        self.required = self.required and self.attach

    # -- Which rule applies ------------------------------------------------------------

    @api.model
    def _get_for(self, partner, company):
        """Return the rule for the certificates of a customer, or none.

        :param partner: ``res.partner``, or none
        :param company: ``res.company`` that issues them
        """
        # sudo: a rule holds for those, too, who may not read it
        rules = self.sudo().search([("company_id", "in", [company.id, False])])
        # a rule of the company comes before one of all companies
        rules = rules.sorted(lambda rule: not rule.company_id)
        commercial = partner.commercial_partner_id
        tags = (partner | commercial).sudo().category_id
        found = (
            rules.filtered(lambda rule: rule.partner_id & partner)
            or rules.filtered(lambda rule: rule.partner_id & commercial)
            or rules.filtered(lambda rule: rule.category_id & tags)
            or rules.filtered(lambda rule: not (rule.partner_id or rule.category_id))
        )
        return found[:1]

    @api.model
    @tools.ormcache()
    def _get_attaching_ids(self):
        """Return the ids of the rules that certify deliveries, of all companies.

        Where there are none, a delivery costs no query more.
        """
        # sudo: a rule holds for those, too, who may not read it
        return tuple(self.sudo().search([("attach", "=", True)]).ids)
