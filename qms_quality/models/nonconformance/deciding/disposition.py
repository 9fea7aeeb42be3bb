from odoo import api, fields, models

from ...number_text import format_quantity

INSPECTOR = "qms_quality.group_quality_inspector"
MANAGER = "qms_quality.group_quality_manager"

KINDS = [
    ("scrap", "Scrap"),
    ("return", "Return to supplier"),
    ("rework", "Rework"),
    ("use_as_is", "Use as is"),
    ("return_production", "Return to production"),
    ("downgrade", "Downgrade"),
    ("sort", "Sort"),
    ("donate", "Donate"),
    ("customer", "Customer decides"),
]
STATES = [
    ("draft", "Proposed"),
    ("approved", "Approved"),
    ("in_progress", "In Progress"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
# Goods of these are spoken for: they are decided on, but still there.
PENDING = ("draft", "approved", "in_progress")


class QmsDisposition(models.Model):
    """What is done with a quantity of nonconforming goods (ISO 9001, 8.7.1).

    It is proposed, approved and carried out, each once.
    """

    _name = "qms.disposition"
    _description = "Disposition"
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.guarded.mixin"]
    _order = "nonconformance_id, sequence, id"
    _check_company_auto = True
    _mail_post_access = "read"

    nonconformance_id = fields.Many2one(
        "qms.nonconformance",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, string="Disposition")
    state = fields.Selection(
        STATES, required=True, readonly=True, copy=False, default="draft", index=True
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        ondelete="restrict",
        check_company=True,
        help="Exactly where the goods are.",
    )
    package_id = fields.Many2one(
        "stock.package", ondelete="restrict", check_company=True
    )
    owner_id = fields.Many2one("res.partner", ondelete="restrict", check_company=True)
    # not summed up: products have different units
    quantity = fields.Float(digits="Product Unit", aggregator=None)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    done_quantity = fields.Float(
        string="Carried out",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Less than was decided, where less was shipped or good: the rest is still"
        " held, and has to be decided on again.",
    )
    reason = fields.Text()
    is_separate = fields.Boolean(
        string="Separate Lot",
        help="These goods become a lot of their own, which keeps where it comes from.",
    )
    child_lot_id = fields.Many2one(
        "stock.lot", readonly=True, copy=False, ondelete="restrict"
    )
    status_id = fields.Many2one(
        "qms.inspection.status",
        string="Afterwards",
        ondelete="restrict",
        help="The status of the goods after they were freed. Empty: available.",
    )
    customer_ids = fields.Many2many(
        "res.partner",
        "qms_disposition_customer_rel",
        "disposition_id",
        "partner_id",
        string="Only for Customers",
        help="Other customers don't get these goods. Empty: all do.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        check_company=True,
        help="Who gets the goods, or decides about them.",
    )
    location_dest_id = fields.Many2one(
        "stock.location", string="To", ondelete="restrict", check_company=True
    )
    product_dest_id = fields.Many2one(
        "product.product",
        string="Becomes",
        ondelete="restrict",
        check_company=True,
    )
    rework_way = fields.Selection(
        [
            ("production", "Manufacturing order"),
            ("unbuild", "Unbuild and build again"),
            ("repair", "Repair"),
        ],
        string="Rework by",
    )
    bom_id = fields.Many2one(
        "mrp.bom", string="By", ondelete="restrict", check_company=True
    )
    test_group_ids = fields.Many2many(
        "qms.test.group",
        "qms_disposition_test_group_rel",
        "disposition_id",
        "test_group_id",
        string="Test Groups",
        help="What is tested again, or sorted by.",
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_approved = fields.Datetime(readonly=True, copy=False)
    executed_by_id = fields.Many2one(
        "res.users", string="Carried out by", readonly=True, copy=False
    )
    date_executed = fields.Datetime(string="Carried out on", readonly=True, copy=False)
    date_done = fields.Datetime(readonly=True, copy=False)
    company_id = fields.Many2one(
        related="nonconformance_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )

    _quantity_check = models.Constraint(
        "CHECK(quantity >= 0)", "The quantity of a disposition can't be negative."
    )

    @api.depends("lot_id", "nonconformance_id.product_id")
    def _compute_product_id(self):
        for row in self:
            row.product_id = (
                row.lot_id.product_id
                or row.product_id
                or row.nonconformance_id.product_id
            )

    @api.depends_context("lang")
    @api.depends("nonconformance_id.name", "kind", "quantity", "lot_id", "product_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            goods = row.lot_id.name or row.product_id.display_name
            quantity = format_quantity(row.env, row.quantity)
            amount = f"{quantity} {row.uom_id.name or ''}".strip()
            parts = [row.nonconformance_id.name, kinds.get(row.kind), amount, goods]
            row.display_name = " · ".join(part for part in parts if part)
