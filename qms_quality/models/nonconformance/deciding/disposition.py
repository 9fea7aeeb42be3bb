from odoo import fields, models

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


class QmsDisposition(models.Model):
    """What is done with a quantity of nonconforming goods (ISO 9001, 8.7.1).

    It is proposed, approved and carried out, each once.
    """

    _name = "qms.disposition"
    _description = "Disposition"
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.guarded.mixin"]
    _order = "nonconformance_id, sequence, id"
    _check_company_auto = True

    nonconformance_id = fields.Many2one(
        "qms.nonconformance",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, string="Disposition", required=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, copy=False, default="draft", index=True
    )
    product_id = fields.Many2one(related="nonconformance_id.product_id", store=True)
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
    quantity = fields.Float(digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    reason = fields.Text()
    is_separate = fields.Boolean(
        string="Child Lot",
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
        related="nonconformance_id.company_id", store=True, index=True
    )
