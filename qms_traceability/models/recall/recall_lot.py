from odoo import api, fields, models
from odoo.tools import float_is_zero

LEDGER = (
    "received",
    "produced",
    "found",
    "on_hand",
    "used",
    "shipped",
    "returned_vendor",
    "scrapped",
    "lost",
)
# What people enter beside the ledger.
ENTERED = {"counted", "is_counted", "explanation"}


class QmsRecallLot(models.Model):
    """One affected lot, and whether all of it is accounted for.

    Quantities are in the product's unit. Received + produced + found = on hand + used +
    shipped + returned to vendor + scrapped + lost: the ledger. Beside it stands what
    was counted and what customers say. Each gap is explained before the recall ends.
    """

    _name = "qms.recall.lot"
    _description = "Lot of a Recall"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "recall_id"
    _order = "recall_id, level, id"
    _rec_name = "lot_id"

    recall_id = fields.Many2one(
        "qms.recall", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="recall_id.company_id", store=True, index=True, precompute=True
    )
    state = fields.Selection(related="recall_id.state")
    kind = fields.Selection(related="recall_id.kind")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        related="lot_id.product_id", store=True, index=True, precompute=True
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    level = fields.Integer(
        readonly=True,
        aggregator=None,
        help="How many steps of making lie between this lot and what the recall"
        " starts from.",
    )
    how = fields.Selection(
        [
            ("root", "Starts from it"),
            ("made", "Made of it"),
            ("joined", "Made of it later"),
            ("maybe", "May be made of it"),
        ],
        string="Affected as",
        required=True,
        readonly=True,
        default="made",
    )
    date_joined = fields.Datetime(
        string="Found on", readonly=True, default=fields.Datetime.now
    )
    is_held = fields.Boolean(string="Held", readonly=True)

    # -- The ledger --------------------------------------------------------------------

    received = fields.Float(readonly=True, digits="Product Unit", aggregator=None)
    produced = fields.Float(readonly=True, digits="Product Unit", aggregator=None)
    found = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="Added by inventory adjustments.",
    )
    on_hand = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="In stock and in transit.",
    )
    used = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="Taken by manufacturing, repairs and the like.",
    )
    shipped = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="Delivered to customers, less what came back.",
    )
    returned_vendor = fields.Float(
        string="Returned to Vendor",
        readonly=True,
        digits="Product Unit",
        aggregator=None,
    )
    scrapped = fields.Float(readonly=True, digits="Product Unit", aggregator=None)
    lost = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="Taken off by inventory adjustments.",
    )
    ledger_gap = fields.Float(
        string="Gap of the Ledger",
        compute="_compute_gaps",
        store=True,
        digits="Product Unit",
        aggregator=None,
        qms_audit=False,
        help="What came in less what is there or went out.",
    )

    # -- What people say ---------------------------------------------------------------

    counted = fields.Float(
        digits="Product Unit", aggregator=None, help="What was counted on hand."
    )
    is_counted = fields.Boolean(string="Was Counted")
    counted_by_id = fields.Many2one("res.users", string="Counted by", readonly=True)
    date_counted = fields.Datetime(string="Counted on", readonly=True)
    answered = fields.Float(
        string="Customers Account for",
        compute="_compute_answered",
        store=True,
        digits="Product Unit",
        aggregator=None,
        qms_audit=False,
        help="What came back, and what customers say they returned, destroyed or used.",
    )
    count_gap = fields.Float(
        string="Gap of the Count",
        compute="_compute_gaps",
        store=True,
        digits="Product Unit",
        aggregator=None,
        qms_audit=False,
        help="On hand less what was counted.",
    )
    answer_gap = fields.Float(
        string="Unaccounted by Customers",
        compute="_compute_gaps",
        store=True,
        digits="Product Unit",
        aggregator=None,
        qms_audit=False,
        help="Delivered less what customers account for.",
    )
    explanation = fields.Text(
        string="Explanation of Gaps", help="Where the missing goods are, or why."
    )
    is_gap_open = fields.Boolean(
        string="Gap to Explain",
        compute="_compute_gaps",
        store=True,
        qms_audit=False,
    )
    customer_line_ids = fields.One2many(
        "qms.recall.customer.line", "recall_lot_id", readonly=True
    )

    _once = models.Constraint(
        "unique(recall_id, lot_id)", "This lot is part of the recall already."
    )

    @api.depends("lot_id", "product_id")
    def _compute_display_name(self):
        for row in self:
            # sudo: who reads the recall may read which goods it is about
            lot = row.sudo().lot_id
            row.display_name = f"{lot.product_id.display_name} {lot.name}"

    @api.depends(
        "customer_line_ids.came_back",
        "customer_line_ids.returned",
        "customer_line_ids.destroyed",
        "customer_line_ids.used",
        "customer_line_ids.customer_id.state",
    )
    def _compute_answered(self):
        for row in self:
            row.answered = row.customer_line_ids._sum_accounted()

    @api.depends(
        *LEDGER,
        "is_counted",
        "counted",
        "answered",
        "explanation",
        "customer_line_ids.delivered",
        "recall_id.kind",
        "untold",
    )
    def _compute_gaps(self):
        for row in self:
            delivered = sum(row.customer_line_ids.mapped("delivered"))
            row.ledger_gap = row._round(self._get_ledger_gap(row))
            row.count_gap = row._round(
                row.on_hand - row.counted if row.is_counted else 0
            )
            is_real = row.recall_id.kind == "real"
            row.answer_gap = row._round(delivered - row.answered if is_real else 0)
            row.is_gap_open = bool(row._get_gaps()) and not row.explanation

    @api.model
    def _get_ledger_gap(self, figures):
        """Return what came in less what is there or went out.

        :param figures: a row, or a dictionary with the figures of the ledger
        """
        return sum(figures[name] for name in LEDGER[:3]) - sum(
            figures[name] for name in LEDGER[3:]
        )

    def _round(self, quantity):
        return self.sudo().uom_id.round(quantity) if self.uom_id else quantity

    def _get_gap_fields(self):
        """Return the figures that must be nothing, or explained. Extension point."""
        return ["ledger_gap", "count_gap", "answer_gap"]

    def _write_changed(self, figures):
        """Write those of the figures that are others than before."""
        changed = {
            name: value
            for name, value in figures.items()
            if self.uom_id.compare(self[name], value)
        }
        if changed:
            self.write(changed)

    def _get_gaps(self):
        """Return the gaps of this lot that are not nothing: ``{field: quantity}``."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {
            name: self[name]
            for name in self._get_gap_fields()
            if not float_is_zero(self[name], precision_digits=digits)
        }
