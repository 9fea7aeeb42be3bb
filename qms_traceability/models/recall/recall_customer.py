from odoo import api, fields, models

from odoo.addons.qms_quality.models.sentinel import trusted

STATES = [
    ("to_tell", "To Tell"),
    ("told", "Told"),
    ("acknowledged", "Acknowledged"),
    ("answered", "Answered"),
]
INTERNAL = "base.group_user"


class QmsRecallCustomer(models.Model):
    """A customer who got affected goods: what he is told, and what he answers.

    He answers by the link of his mail or as a portal user. His people see what he was
    told and nothing else of the recall.
    """

    _name = "qms.recall.customer"
    _description = "Recall Notice"
    _inherit = [
        "qms.protected.mixin",
        "portal.mixin",
        "mail.thread",
        "qms.audit.mixin",
    ]
    _order = "recall_id desc, state desc, partner_name, id"
    _mail_post_access = "read"

    recall_id = fields.Many2one(
        "qms.recall", required=True, readonly=True, index=True, ondelete="restrict"
    )
    name = fields.Char(string="Number", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: nobody knows who got the goods.",
    )
    partner_name = fields.Char(string="Customer's Name", readonly=True)
    contact_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        help="Who gets the notice: the customer, or a person there.",
    )
    email = fields.Char(related="contact_id.email")
    phone = fields.Char(related="contact_id.phone", groups=INTERNAL)
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
        precompute=True,
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="to_tell", index=True
    )
    line_ids = fields.One2many(
        "qms.recall.customer.line", "customer_id", string="Goods", readonly=True
    )
    delivery_ids = fields.One2many(
        "qms.recall.delivery", "customer_id", string="Deliveries", readonly=True
    )
    subject = fields.Char(related="recall_id.subject")
    reason = fields.Text(related="recall_id.reason")
    instructions = fields.Text(related="recall_id.instructions")
    user_id = fields.Many2one(related="recall_id.user_id", groups=INTERNAL)

    # -- What happened -----------------------------------------------------------------

    date_told = fields.Datetime(string="Told on", readonly=True)
    told_by_id = fields.Many2one(
        "res.users", string="Told by", readonly=True, groups=INTERNAL
    )
    told_how = fields.Selection(
        [("mail", "Mail"), ("other", "Another way")],
        readonly=True,
        groups=INTERNAL,
    )
    told_note = fields.Char(
        string="How he was Told", readonly=True, groups=INTERNAL, help="If not by mail."
    )
    mail_count = fields.Integer(string="Mails", readonly=True, groups=INTERNAL)
    date_acknowledged = fields.Datetime(string="Acknowledged on", readonly=True)
    date_answered = fields.Datetime(string="Answered on", readonly=True)
    answered_by = fields.Char(readonly=True)
    answer_channel = fields.Selection(
        [
            ("portal", "Portal user"),
            ("link", "Link in the mail"),
            ("internal", "Entered by us"),
        ],
        string="Answered by way of",
        readonly=True,
        groups=INTERNAL,
    )
    remark = fields.Text(string="Customer's Remark")
    preview = fields.Html(compute="_compute_preview", sanitize=False, groups=INTERNAL)
    access_token = fields.Char(qms_audit=False)

    _once = models.UniqueIndex(
        "(recall_id, partner_id, company_id)",
        "This customer is part of the recall already.",
    )

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.depends("contact_id")
    def _compute_lang(self):
        for customer in self:
            # sudo: who may tell a customer may know his language
            contact = customer.sudo().contact_id
            customer.lang = contact.lang or customer.company_id.partner_id.lang

    @api.depends("name", "partner_name")
    def _compute_display_name(self):
        for customer in self:
            customer.display_name = f"{customer.name} {customer.partner_name or ''}"

    @api.depends("contact_id", "lang", "state", "line_ids", "recall_id.instructions")
    def _compute_preview(self):
        template = self.env.ref(
            "qms_traceability.mail_template_recall_notice", raise_if_not_found=False
        )
        saved = self.filtered(lambda customer: template and customer.id)
        bodies = saved and template._render_field(
            "body_html", saved.ids, compute_lang=True
        )
        for customer in self:
            customer.preview = customer in saved and bodies[customer.id]

    def _compute_access_url(self):
        for customer in self:
            customer.access_url = f"/my/recalls/{customer.id}"

    def _portal_ensure_token(self):
        # the token is no field that people write
        return super(QmsRecallCustomer, trusted(self))._portal_ensure_token()

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.name.replace("/", "-")

    def _in_language(self, goods):
        """Return goods as this customer is to read of them."""
        self.ensure_one()
        return goods.with_context(lang=self.lang, partner_id=self.partner_id.id)

    def _get_told_lines(self):
        """Return the goods that a notice is about: those he knows not of, or all."""
        self.ensure_one()
        return self.line_ids.filtered(lambda line: not line.is_told) or self.line_ids
