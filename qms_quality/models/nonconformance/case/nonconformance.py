from odoo import api, fields, models
from odoo.exceptions import ValidationError

INSPECTOR = "qms_quality.group_quality_inspector"
MANAGER = "qms_quality.group_quality_manager"
STATES = [
    ("initiation", "Initiation"),
    ("investigation", "Investigation"),
    ("disposition", "Disposition"),
    ("approval", "Approval"),
    ("execution", "Execution"),
    ("follow_up", "Follow-up"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
DONE_STATES = ("closed", "cancelled")


class QmsNonconformance(models.Model):
    """A failure, from how it was found to how its goods were disposed of.

    The case holds its goods. Only a disposition that is carried out frees them, by
    quantity. Its state moves by its actions only (ISO 9001, 8.7 and 10.2).
    """

    _name = "qms.nonconformance"
    _description = "Nonconformance"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "qms.late.mixin",
        "qms.guarded.mixin",
    ]
    _order = "severity desc, date_deadline, id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _rec_names_search = ["name", "subject"]

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="New"
    )
    subject = fields.Char(string="What is wrong", required=True)
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        copy=False,
        default="initiation",
        index=True,
        tracking=True,
        group_expand="_group_expand_states",
    )
    type = fields.Selection(
        [
            ("supplier", "Supplier"),
            ("customer", "Customer complaint"),
            ("production", "Production"),
            ("internal", "Internal"),
            ("co_product", "Co-product"),
        ],
        required=True,
        default="internal",
        index=True,
    )
    severity = fields.Selection(
        [("1_minor", "Minor"), ("2_major", "Major"), ("3_critical", "Critical")],
        required=True,
        default="2_major",
    )
    problem_type_id = fields.Many2one(
        "qms.problem.type", index="btree_not_null", ondelete="restrict"
    )
    tag_ids = fields.Many2many(
        "qms.nonconformance.tag",
        "qms_nonconformance_tag_rel",
        "nonconformance_id",
        "tag_id",
        string="Tags",
    )
    team_id = fields.Many2one(
        "qms.quality.team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        copy=False,
        index=True,
        ondelete="set null",
        tracking=True,
        check_company=True,
        domain=[("share", "=", False)],
    )
    date_opened = fields.Datetime(
        string="Opened on", readonly=True, copy=False, default=fields.Datetime.now
    )
    date_deadline = fields.Date(
        string="Deadline",
        copy=False,
        index=True,
        default=lambda self: self._get_default_deadline(),
    )
    date_closed = fields.Datetime(string="Closed on", readonly=True, copy=False)
    closed_by_id = fields.Many2one(
        "res.users", string="Closed by", readonly=True, copy=False
    )
    description = fields.Html(copy=False)
    containment = fields.Html(
        string="Immediate Action", copy=False, help="What was done at once."
    )
    related_ids = fields.Many2many(
        "qms.nonconformance",
        "qms_nonconformance_related_rel",
        "nonconformance_id",
        "related_id",
        string="Linked Cases",
        copy=False,
        check_company=True,
    )

    # -- The goods ---------------------------------------------------------------------

    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    lot_ids = fields.Many2many(
        "stock.lot",
        "qms_nonconformance_lot_rel",
        "nonconformance_id",
        "lot_id",
        string="Lots/Serial Numbers",
        copy=False,
        ondelete="restrict",
        check_company=True,
    )
    quantity = fields.Float(
        digits="Product Unit",
        # not summed up: products have different units
        aggregator=None,
        help="How much is concerned, wherever it is now.",
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The supplier, or the customer who complains.",
    )
    hold_goods = fields.Boolean(
        default=True,
        help="Its lots are held, wherever they are, until they are disposed of.",
    )
    hold_ids = fields.One2many(
        "qms.hold",
        "res_id",
        string="Holds",
        domain=lambda self: [("res_model", "=", self._name)],
    )
    open_hold_count = fields.Integer(compute="_compute_open_holds")
    hold_status_id = fields.Many2one(
        "qms.inspection.status",
        string="Held as",
        compute="_compute_open_holds",
        help="The strictest status that this case holds its goods in.",
    )

    # -- Where it comes from -----------------------------------------------------------

    quality_order_id = fields.Many2one(
        "qms.quality.order",
        string="Failed Quality Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    failure_ids = fields.One2many(
        "qms.nonconformance.failure",
        "nonconformance_id",
        string="Failures",
        readonly=True,
        copy=False,
    )
    picking_id = fields.Many2one(
        "stock.picking",
        string="Transfer",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    production_id = fields.Many2one(
        "mrp.production",
        string="Manufacturing Order",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    workorder_id = fields.Many2one(
        "mrp.workorder",
        string="Work Order",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        string="Work Center",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    purchase_id = fields.Many2one(
        "purchase.order",
        string="Purchase Order",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    sale_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )

    # -- Why, and what is done about it ------------------------------------------------

    root_cause_id = fields.Many2one(
        "qms.root.cause",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    root_cause_text = fields.Text(string="Root Cause Described", copy=False)
    why_ids = fields.One2many(
        "qms.nonconformance.why", "nonconformance_id", string="Five Whys", copy=False
    )
    disposition_ids = fields.One2many(
        "qms.disposition", "nonconformance_id", string="Dispositions", copy=False
    )
    order_ids = fields.One2many(
        "qms.quality.order",
        "nonconformance_id",
        string="Quality Orders Made",
        copy=False,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _order_uniq = models.UniqueIndex(
        "(quality_order_id) WHERE state != 'cancelled'",
        "There is a case for this quality order already.",
    )
    _open_idx = models.Index(
        "(company_id, severity DESC, date_deadline, id DESC)"
        " WHERE state NOT IN ('closed', 'cancelled')"
    )

    # -- Computed ----------------------------------------------------------------------

    @api.model
    def _group_expand_states(self, states, domain):
        """Show the steps in their order, those where a case still goes on if empty."""
        return [
            state
            for state, _label in STATES
            if state in states or state not in DONE_STATES
        ]

    @api.model
    def _get_default_deadline(self, company=None):
        """Return until when a case that is opened now should be closed.

        :param company: ``res.company``; the current one, if empty
        """
        days = (company or self.env.company).qms_case_days
        today = fields.Date.context_today(self)
        return fields.Date.add(today, days=days) if days > 0 else False

    @api.depends("product_id")
    def _compute_uom_id(self):
        for case in self:
            case.uom_id = case.product_id.uom_id

    def _compute_open_holds(self):
        by_case = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        by_case = by_case.grouped("res_id")
        for case in self:
            holds = by_case.get(case._origin.id, self.env["qms.hold"].sudo())
            case.open_hold_count = len(holds)
            case.hold_status_id = holds.status_id._get_strictest()

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for case in self:
            case.display_name = f"{case.name} {case.subject or ''}".strip()

    @api.onchange("product_id")
    def _onchange_product_id(self):
        self.lot_ids = self.lot_ids.filtered(
            lambda lot: lot.product_id == self.product_id
        )

    @api.constrains("lot_ids", "product_id")
    def _check_lots(self):
        for case in self:
            wrong = case.lot_ids.filtered(
                lambda lot, case=case: lot.product_id != case.product_id
            )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(case)s: %(lots)s: not of the product %(product)s. Open a"
                        " case for each product.",
                        case=case.name,
                        lots=", ".join(wrong.mapped("name")),
                        product=case.product_id.display_name or "",
                    )
                )
