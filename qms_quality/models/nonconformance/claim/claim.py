from odoo import api, fields, models

from ...sentinel import trusted

STATES = [
    ("draft", "Draft"),
    ("sent", "Waiting for Vendor"),
    ("answered", "Answered"),
    ("accepted", "Accepted"),
    ("cancelled", "Withdrawn"),
]
DONE_STATES = ("accepted", "cancelled")
# The disciplines of an 8D report that the vendor writes, in their order.
ANSWERS = (
    "answer_team",
    "answer_problem",
    "answer_containment",
    "answer_cause",
    "answer_correction",
    "answer_prevention",
)
INTERNAL = "base.group_user"


class QmsSupplierClaim(models.Model):
    """What a vendor is told of a nonconformance, and his answer (8D).

    What he is told is a copy that stays as it was sent. He answers in the portal; his
    people see claims to their company that were sent, and nothing that is marked as
    internal here.
    """

    _name = "qms.supplier.claim"
    _description = "Supplier Claim"
    _inherit = [
        "qms.protected.mixin",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "qms.guarded.mixin",
    ]
    _order = "date_sent desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="New"
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
    )
    nonconformance_id = fields.Many2one(
        "qms.nonconformance",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        groups=INTERNAL,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Vendor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Who gets the claim by mail: the company, or a person there.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index=True,
        ondelete="set null",
        domain=[("share", "=", False)],
        check_company=True,
        tracking=True,
    )
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # -- What the vendor is told -------------------------------------------------------

    subject = fields.Char(string="What is wrong", required=True)
    product_name = fields.Char(string="Product")
    lot_names = fields.Char(string="Lots/Serial Numbers")
    quantity = fields.Float(string="Quantity concerned", digits="Product Unit")
    uom_id = fields.Many2one("uom.uom", string="Unit", ondelete="restrict")
    order_ref = fields.Char(string="Order", help="Our order and the vendor's number.")
    problem = fields.Text(string="Problem described")
    file_ids = fields.Many2many(
        "ir.attachment",
        "qms_supplier_claim_file_rel",
        "claim_id",
        "attachment_id",
        string="Photos and Files",
        copy=False,
        help="The vendor can download them.",
    )
    charge_ids = fields.One2many("qms.supplier.claim.charge", "claim_id")
    amount_total = fields.Monetary(
        string="Charged",
        compute="_compute_amount_total",
        store=True,
        tracking=True,
        help="What the vendor is asked to pay, besides the goods.",
    )
    date_containment = fields.Date(
        string="Contain until", help="When the vendor must have stopped the harm."
    )
    date_deadline = fields.Date(
        string="Answer until", index="btree_not_null", tracking=True
    )

    # -- What he answers ---------------------------------------------------------------

    answer_team = fields.Text(string="D1 Team")
    answer_problem = fields.Text(string="D2 Problem")
    answer_containment = fields.Text(string="D3 Containment")
    answer_cause = fields.Text(string="D4 Root Cause")
    answer_correction = fields.Text(string="D5, D6 Corrective Action")
    answer_prevention = fields.Text(string="D7 Prevention")
    answer_file_ids = fields.Many2many(
        "ir.attachment",
        "qms_supplier_claim_answer_file_rel",
        "claim_id",
        "attachment_id",
        string="Files of the Answer",
        copy=False,
    )
    answered_by = fields.Char(readonly=True, copy=False)
    answer_channel = fields.Selection(
        [
            ("portal", "Portal user"),
            ("link", "Link in the mail"),
            ("internal", "Entered by us"),
        ],
        string="Answered by way of",
        readonly=True,
        copy=False,
        groups=INTERNAL,
    )
    round_number = fields.Integer(
        string="Rounds",
        readonly=True,
        copy=False,
        aggregator=None,
        help="How often the vendor was asked.",
    )
    remark = fields.Text(
        string="Our Remark",
        readonly=True,
        copy=False,
        help="Why the answer went back to the vendor, or the claim was withdrawn.",
    )

    # -- Dates -------------------------------------------------------------------------

    date_sent = fields.Datetime(string="Sent on", readonly=True, copy=False)
    date_answered = fields.Datetime(string="Answered on", readonly=True, copy=False)
    date_accepted = fields.Datetime(string="Accepted on", readonly=True, copy=False)
    accepted_by_id = fields.Many2one(
        "res.users", string="Accepted by", readonly=True, copy=False, groups=INTERNAL
    )
    date_reminder = fields.Date(
        string="Next Reminder", readonly=True, copy=False, groups=INTERNAL
    )
    reminder_count = fields.Integer(
        string="Reminders", readonly=True, copy=False, groups=INTERNAL
    )
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    access_token = fields.Char(qms_audit=False)

    _reminder_idx = models.Index("(date_reminder) WHERE state = 'sent'")

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.depends("partner_id")
    def _compute_lang(self):
        for claim in self:
            claim.lang = claim.partner_id.lang or self.env.lang

    @api.depends("charge_ids.amount")
    def _compute_amount_total(self):
        for claim in self:
            claim.amount_total = sum(claim.charge_ids.mapped("amount"))

    @api.depends("state", "date_deadline")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for claim in self:
            due = claim.state == "sent" and claim.date_deadline
            claim.is_late = bool(due) and due < today

    def _search_is_late(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("state", "=", "sent"), ("date_deadline", "<", today)]

    def _compute_access_url(self):
        for claim in self:
            claim.access_url = f"/my/supplier-claims/{claim.id}"

    def _portal_ensure_token(self):
        # the token is no field that people write
        return super(QmsSupplierClaim, trusted(self))._portal_ensure_token()

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.name.replace("/", "-")
