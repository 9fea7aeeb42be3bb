import secrets

from odoo import api, fields, models

STATES = [
    ("draft", "Draft"),
    ("issued", "Issued"),
    ("superseded", "Superseded"),
    ("withdrawn", "Withdrawn"),
]


class QmsCertificate(models.Model):
    """A certificate of analysis: what was found in goods, as it is told a customer.

    It is a copy, in the customer's language and by his rule, of the readings that count
    when it is made. Once issued it never changes: what changes later asks for another
    certificate, with another number, which supersedes it.
    """

    _name = "qms.certificate"
    _description = "Certificate of Analysis"
    _inherit = [
        "qms.protected.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "qms.guarded.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="New"
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, copy=False, default="draft", index=True
    )
    order_id = fields.Many2one(
        "qms.quality.order",
        string="Quality Order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    picking_id = fields.Many2one(
        "stock.picking",
        string="Delivery",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: for whoever asks.",
    )
    lang = fields.Selection(
        selection="_selection_lang", string="Language", required=True, readonly=True
    )
    rule_id = fields.Many2one(
        "qms.certificate.rule", string="By Rule", readonly=True, ondelete="set null"
    )
    goods_ids = fields.One2many(
        "qms.certificate.goods", "certificate_id", readonly=True
    )
    line_ids = fields.One2many(
        "qms.certificate.line", "certificate_id", string="Results", readonly=True
    )
    goods_text = fields.Char(string="About", compute="_compute_goods_text")
    date_issued = fields.Datetime(
        string="Issued on", readonly=True, copy=False, qms_audit=False
    )
    issued_by_id = fields.Many2one(
        "res.users", string="Issued by", readonly=True, copy=False, qms_audit=False
    )
    superseded_by_id = fields.Many2one(
        "qms.certificate", readonly=True, copy=False, ondelete="set null"
    )
    # 192 bits: nobody finds a certificate by guessing
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        qms_audit=False,
        default=lambda self: secrets.token_urlsafe(24),
    )
    content_hash = fields.Char(
        string="Fingerprint",
        readonly=True,
        copy=False,
        help="SHA-256 of the goods, readings and limits, the same in every language.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )

    _subject_check = models.Constraint(
        "CHECK(num_nonnulls(order_id, lot_id, picking_id) = 1)",
        "A certificate is about a quality order, a lot or a delivery.",
    )
    _token_uniq = models.UniqueIndex("(token)")

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.depends("goods_ids.product_name", "goods_ids.lot_names")
    def _compute_goods_text(self):
        for certificate in self:
            names = certificate.goods_ids.mapped("display_name")
            certificate.goods_text = "; ".join(names)

    def _get_subject(self):
        """Return what this is the certificate of: an order, a lot or a delivery."""
        self.ensure_one()
        return self.order_id or self.lot_id or self.picking_id

    @api.model
    def _get_subject_field(self, subject):
        """Return the name of the field for such a subject.

        :param subject: ``qms.quality.order``, ``stock.lot`` or ``stock.picking``
        """
        names = {
            "qms.quality.order": "order_id",
            "stock.lot": "lot_id",
            "stock.picking": "picking_id",
        }
        return names[subject._name]

    def action_open_subject(self):
        """Open what this is the certificate of."""
        return self._get_subject()._get_records_action()

    def action_open_superseding(self):
        """Open the certificate that took the place of this one."""
        return self.superseded_by_id._get_records_action()

    @api.model
    def _open_of(self, goods_domain):
        """Return the action that shows certificates; the form, of one.

        :param goods_domain: domain of ``qms.certificate.goods``
        """
        found = self.search([("goods_ids", "any", goods_domain)])
        return found._get_records_action(name=self.env._("Certificates"))
