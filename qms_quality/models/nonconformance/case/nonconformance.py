from odoo import fields, models

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
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.guarded.mixin"]
    _order = "severity desc, date_deadline, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

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
    date_deadline = fields.Date(string="Deadline", copy=False, index=True)
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
        digits="Product Unit", help="How much is concerned, wherever it is now."
    )
    uom_id = fields.Many2one("uom.uom", string="Unit", ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The supplier, or the customer who complains.",
    )
    hold_ids = fields.One2many(
        "qms.hold",
        "res_id",
        string="Holds",
        domain=lambda self: [("res_model", "=", self._name)],
    )

    # -- Where it comes from -----------------------------------------------------------

    quality_order_id = fields.Many2one(
        "qms.quality.order",
        string="Failed Quality Order",
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
