from odoo import api, fields, models

MANAGER = "qms_shelf_life.group_shelf_life_manager"

KINDS = [
    ("use_first", "Use first"),
    ("special_sale", "Special sale"),
    ("donate", "Donate"),
    ("destroy", "Destroy"),
    ("return", "Return to vendor"),
    ("extend", "Extend after re-test"),
]
STATES = [
    ("waiting", "To Decide"),
    ("decided", "Being Carried Out"),
    ("done", "Done"),
    ("cancelled", "Closed"),
]
OPEN = ("waiting", "decided")


class QmsExpiryDecision(models.Model):
    """What becomes of the goods of a lot in a warehouse that come near their date.

    The scheduled action lists them; a shelf-life manager decides, which carries it out.
    What is decided on a part leaves the rest on the list as a row of its own.
    """

    _name = "qms.expiry.decision"
    _description = "Decision on Goods near Expiry"
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.guarded.mixin"]
    _qms_audit_made = "list"
    _order = "expiration_date, id"
    _check_company_auto = True
    _mail_post_access = "read"

    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="waiting",
        index=True,
        tracking=True,
        group_expand=True,
    )
    kind = fields.Selection(KINDS, string="Decision", tracking=True)
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        related="lot_id.product_id", store=True, precompute=True, index=True
    )
    product_categ_id = fields.Many2one(
        related="product_id.categ_id", string="Category", store=True
    )
    tracking = fields.Selection(related="product_id.tracking")
    expiration_date = fields.Datetime(related="lot_id.expiration_date", store=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="warehouse_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index=True,
        ondelete="set null",
        tracking=True,
        check_company=True,
        domain=[("share", "=", False)],
    )
    quantity = fields.Float(
        digits="Product Unit",
        help="How much this is about; the rest stays on the list. 0: all of it.",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    reason = fields.Text(help="Why this becomes of the goods.")
    partner_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        check_company=True,
        help="Special sale: who is offered the goods. Donate: who gets them. Return to"
        " vendor: only by receipts from him.",
    )
    price = fields.Monetary(
        string="Special Price",
        compute="_compute_price",
        store=True,
        readonly=False,
        help="For one unit of the product. Proposed: its sales price less the discount"
        " of the settings.",
    )
    test_group_ids = fields.Many2many(
        "qms.test.group",
        "qms_expiry_decision_test_group_rel",
        "decision_id",
        "test_group_id",
        string="Test Groups",
        check_company=True,
        help="What the goods are tested for again.",
    )
    date_extended = fields.Date(
        string="New Expiry",
        help="The last day on which the goods may be used, if they pass.",
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    date_decided = fields.Datetime(string="Decided on", readonly=True)
    date_done = fields.Datetime(string="Closed on", readonly=True)
    done_quantity = fields.Float(
        string="Carried out", digits="Product Unit", readonly=True
    )
    value = fields.Monetary(
        string="Decided Value",
        readonly=True,
        help="What the goods were worth when it was decided.",
    )
    closing_reason = fields.Char(readonly=True)
    is_settled = fields.Boolean(
        readonly=True,
        help="What is left of these goods isn't listed again at once.",
    )

    _one_waits = models.UniqueIndex(
        "(lot_id, warehouse_id) WHERE state = 'waiting'",
        "These goods wait for a decision already.",
    )
    _open_idx = models.Index(
        "(warehouse_id, lot_id) WHERE state IN ('waiting', 'decided')"
    )
    _settled_idx = models.Index("(warehouse_id, lot_id) WHERE is_settled")
    _quantity_check = models.Constraint(
        "CHECK(quantity >= 0)", "The quantity of a decision can't be negative."
    )
    _price_check = models.Constraint(
        "CHECK(price >= 0)", "The price of a special sale can't be negative."
    )

    @api.depends("kind")
    def _compute_price(self):
        for row in self:
            is_sold = row.kind == "special_sale"
            row.price = row._get_special_price() if is_sold else 0

    def _get_special_price(self, discount=None):
        """Return what is proposed for one unit of the product.

        :param float discount: off its sales price, 0 to 1; of the settings if not given
        """
        self.ensure_one()
        # sudo: who decides need not be allowed to read prices
        row = self.sudo()
        if discount is None:
            discount = row.company_id.qms_near_expiry_discount
        product = row.product_id.with_company(row.company_id)
        return row.currency_id.round(product.lst_price * (1 - discount))

    @api.depends("lot_id.name", "product_id.display_name", "warehouse_id.name")
    def _compute_display_name(self):
        for row in self:
            parts = (
                row.lot_id.name,
                row.product_id.display_name,
                row.warehouse_id.name,
            )
            row.display_name = " · ".join(part for part in parts if part)

    def _get_siblings(self):
        """Return the other open rows about the goods of each: ``{row: rows}``."""
        # sudo: they count, whoever may see them
        rows = self.sudo().search(
            [
                ("lot_id", "in", self.lot_id.ids),
                ("warehouse_id", "in", self.warehouse_id.ids),
                ("state", "in", OPEN),
            ]
        )
        found = rows.grouped(lambda row: (row.lot_id, row.warehouse_id))
        return {
            row: found.get((row.lot_id, row.warehouse_id), rows.browse()) - row
            for row in self
        }
