from odoo import api, fields, models

COORDINATOR = "qms_traceability.group_recall_coordinator"
STATES = [
    ("draft", "Draft"),
    ("analysed", "Analysed"),
    ("containing", "Containing"),
    ("contained", "Contained"),
    ("recovery", "Recovery"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
DONE_STATES = ("closed", "cancelled")
# As long as a recall is in one of these, lots made of affected ones join it.
RUNNING_STATES = ("analysed", "containing", "contained", "recovery")


class QmsRecall(models.Model):
    """Goods are called back: what is affected is found, held, told and added up.

    The classes are those of 21 CFR 7.3(m). What a recall knows of the goods is read by
    its actions, never typed: lots, deliveries and figures of the ledger.
    """

    _name = "qms.recall"
    _description = "Recall"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "qms.guarded.mixin",
    ]
    _order = "date_opened desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _rec_names_search = ["name", "subject"]

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="New"
    )
    subject = fields.Char(string="What is wrong", required=True, tracking=True)
    kind = fields.Selection(
        [("real", "Recall"), ("mock", "Mock Recall")],
        required=True,
        default="real",
        index=True,
        help="A mock recall only traces and measures: it holds nothing and tells no"
        " customer.",
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
    recall_class = fields.Selection(
        [
            ("1", "Class I: serious harm or death"),
            ("2", "Class II: harm that can be cured"),
            ("3", "Class III: harm is not likely"),
        ],
        string="Class",
        required=True,
        default="2",
        tracking=True,
    )
    reason = fields.Text(help="What was found, where and how. Customers read it.")
    instructions = fields.Text(
        help="What customers are to do with the goods. They read it."
    )
    nonconformance_id = fields.Many2one(
        "qms.nonconformance",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Coordinator",
        default=lambda self: self.env.user,
        copy=False,
        index=True,
        ondelete="set null",
        check_company=True,
        domain=[("share", "=", False)],
        tracking=True,
    )
    conclusion = fields.Text(
        copy=False,
        help="What became of the goods, and what keeps it from coming back.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    # -- Parts -------------------------------------------------------------------------

    line_ids = fields.One2many(
        "qms.recall.lot", "recall_id", string="Affected Lots", readonly=True
    )
    customer_ids = fields.One2many("qms.recall.customer", "recall_id", readonly=True)
    supplier_ids = fields.One2many(
        "qms.recall.supplier", "recall_id", string="Suppliers Upstream", readonly=True
    )
    snapshot_ids = fields.One2many("qms.recall.snapshot", "recall_id", readonly=True)
    lot_count = fields.Integer(string="Lots", compute="_compute_counts")
    held_count = fields.Integer(string="Lots Held", compute="_compute_counts")
    gap_count = fields.Integer(string="Gaps to Explain", compute="_compute_counts")
    customer_count = fields.Integer(string="Customers", compute="_compute_counts")
    told_count = fields.Integer(string="Customers Told", compute="_compute_counts")
    answered_count = fields.Integer(string="Answers", compute="_compute_counts")
    supplier_count = fields.Integer(string="Suppliers", compute="_compute_counts")
    contained_share = fields.Float(
        string="Held", compute="_compute_counts", help="Share of lots that are held."
    )
    warning_text = fields.Text(
        string="To Look at by Hand",
        readonly=True,
        copy=False,
        help="What the trace can't tell for certain.",
    )

    # -- Dates -------------------------------------------------------------------------

    date_opened = fields.Datetime(
        string="Opened on", readonly=True, copy=False, default=fields.Datetime.now
    )
    date_analysed = fields.Datetime(string="Analysed on", readonly=True, copy=False)
    date_contained = fields.Datetime(string="Contained on", readonly=True, copy=False)
    date_told = fields.Datetime(
        string="Customers Told on", readonly=True, copy=False, help="The first of them."
    )
    date_closed = fields.Datetime(string="Closed on", readonly=True, copy=False)
    closed_by_id = fields.Many2one(
        "res.users", string="Closed by", readonly=True, copy=False
    )

    _open_idx = models.Index("(company_id) WHERE state NOT IN ('closed', 'cancelled')")

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for recall in self:
            recall.display_name = f"{recall.name} {recall.subject or ''}".strip()

    @api.depends(
        "line_ids.is_held",
        "line_ids.is_gap_open",
        "customer_ids.state",
        "supplier_ids",
    )
    def _compute_counts(self):
        for recall in self:
            lots, customers = recall.line_ids, recall.customer_ids
            held = lots.filtered("is_held")
            told = customers.filtered(lambda one: one.state != "to_tell")
            recall.lot_count = len(lots)
            recall.held_count = len(held)
            recall.contained_share = len(held) / len(lots) if lots else 0
            recall.gap_count = len(lots.filtered("is_gap_open"))
            recall.customer_count = len(customers)
            recall.told_count = len(told)
            recall.answered_count = len(
                told.filtered(lambda one: one.state == "answered")
            )
            recall.supplier_count = len(recall.supplier_ids)

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.name.replace("/", "-")
