from odoo import api, fields, models


class QmsRecallProduct(models.Model):
    """Goods without lots that affected goods went into or are among: nobody knows
    which of them.

    All of the product without a lot since the first of them may be affected. The
    coordinator says whether that is recalled, too, or why not; nothing is left out
    silently.
    """

    _name = "qms.recall.product"
    _description = "Goods without Lots of a Recall"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "recall_id"
    _order = "recall_id, id"
    _rec_name = "product_id"

    recall_id = fields.Many2one(
        "qms.recall", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="recall_id.company_id", store=True, index=True, precompute=True
    )
    state = fields.Selection(related="recall_id.state", string="Recall's State")
    kind = fields.Selection(related="recall_id.kind")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    level = fields.Integer(readonly=True, aggregator=None)
    sources = fields.Char(
        string="Affected Goods",
        readonly=True,
        help="What may be in it or among it: lots, or goods without.",
    )
    date_from = fields.Datetime(
        string="Since",
        readonly=True,
        help="When affected goods may have been among it first.",
    )
    date_last = fields.Datetime(string="Last on", readonly=True)

    # -- Where it is, as of the last update --------------------------------------------

    on_hand = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="In stock and in transit: affected goods may be among them.",
    )
    places = fields.Char(readonly=True, help="Where it is on hand.")
    shipped = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="Delivered to customers since then, less what came back of it.",
    )
    shipped_to = fields.Text(
        string="Customers", readonly=True, help="Who got some, and by which documents."
    )
    lot_count = fields.Integer(
        string="Lots Made of It",
        readonly=True,
        aggregator=None,
        help="Made since affected goods went into it, in one step.",
    )

    # -- What is decided ---------------------------------------------------------------

    decision = fields.Selection(
        [
            ("open", "To Decide"),
            ("included", "Recalled, too"),
            ("left_out", "Left out"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    reason = fields.Char(readonly=True, help="Why it is left out.")
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    date_decided = fields.Datetime(string="Decided on", readonly=True)
    date_held = fields.Datetime(string="Held on", readonly=True)
    note = fields.Char(
        string="What was Done",
        help="Where goods are that no customer accounts for, or why nobody can know;"
        " how customers of other companies were told.",
    )

    _once = models.Constraint(
        "unique(recall_id, product_id)", "This product is part of the recall already."
    )

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "Goods without lots are found by Analyse and Update, and decided by their"
            " buttons; only what was done is entered."
        )

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | {"note"}
