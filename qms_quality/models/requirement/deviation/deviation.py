from odoo import api, fields, models

INSPECTOR = "qms_quality.group_quality_inspector"
MANAGER = "qms_quality.group_quality_manager"
IMPACTS = [("none", "None"), ("potential", "Potential"), ("actual", "Actual")]


class QmsDeviation(models.Model):
    """A departure of goods from what was required. Never edited, never deleted.

    Recorded by the check when goods are posted, or by hand. Its impact is assessed, and
    it is accepted or rejected (ICH Q7 2.15, Q10 3.2.2).
    """

    _name = "qms.deviation"
    _description = "Deviation"
    _inherit = [
        "qms.protected.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "qms.guarded.mixin",
    ]
    _order = "id desc"
    _mail_post_access = "read"
    _rec_names_search = ["name", "expected"]

    name = fields.Char(
        "Number", required=True, readonly=True, copy=False, default="New"
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("assessed", "Assessed"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="open",
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )

    # -- What was found ----------------------------------------------------------------

    document_line_id = fields.Many2one(
        "qms.qrs.document.line",
        "Requirement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    qrs_id = fields.Many2one(related="document_line_id.qrs_id", store=True)
    criterion_id = fields.Many2one(
        "qms.qrs.document.criterion",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    departure = fields.Selection(
        [
            ("blocked", "Blocked"),
            ("approval", "Needs approval"),
            ("recorded", "Allowed and recorded"),
        ],
        "Departures Are",
        readonly=True,
        help="What the requirement says about goods that don't meet it.",
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True
    )
    lot_id = fields.Many2one(
        "stock.lot", "Lot/Serial Number", readonly=True, index="btree_not_null"
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    partner_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null")
    direction = fields.Selection(
        [("in", "Inbound"), ("out", "Outbound"), ("production", "Production")],
        required=True,
        readonly=True,
    )
    expected = fields.Char(readonly=True)
    found = fields.Char(readonly=True)
    # the posting; until then only the document
    move_line_id = fields.Many2one(
        "stock.move.line", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, index="btree_not_null"
    )
    production_id = fields.Many2one(
        "mrp.production", "Manufacturing Order", readonly=True, index="btree_not_null"
    )
    is_intentional = fields.Boolean(
        "Intentional",
        readonly=True,
        help="Somebody knew before the goods were posted: the requirement was ignored,"
        " the departure accepted, or it was recorded as intended.",
    )
    is_by_hand = fields.Boolean("Recorded by Hand", readonly=True)
    reason = fields.Char(readonly=True)
    date = fields.Datetime(
        "Recorded on",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        copy=False,
    )
    user_id = fields.Many2one(
        "res.users", "Recorded by", readonly=True, default=lambda self: self.env.user
    )

    # -- What it means, written while it is open ---------------------------------------

    impact_quality = fields.Selection(IMPACTS, "Product Quality", tracking=True)
    impact_system = fields.Selection(
        IMPACTS, "Regulated System", tracking=True, help="GMP or another one."
    )
    impact_filing = fields.Selection(IMPACTS, "Regulatory Filing", tracking=True)
    assessment = fields.Text(help="Why it has this impact, or none.")
    assessed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_assessed = fields.Datetime("Assessed on", readonly=True, copy=False)

    # -- What was decided, and why, written while it is assessed -----------------------

    decision = fields.Selection(
        [("accepted", "Accepted"), ("rejected", "Rejected")],
        readonly=True,
        copy=False,
        index=True,
    )
    decision_reason = fields.Text("Reason for the Decision", copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_decided = fields.Datetime("Decided on", readonly=True, copy=False)
    nonconformance_id = fields.Many2one(
        "qms.nonconformance", readonly=True, copy=False, index="btree_not_null"
    )

    # one criterion departs once in a posting; rows by hand have no criterion
    _posting_uniq = models.UniqueIndex(
        "(move_line_id, criterion_id, lot_id)"
        " WHERE move_line_id IS NOT NULL AND criterion_id IS NOT NULL",
        "This departure is recorded already.",
    )

    @api.depends("name", "expected")
    def _compute_display_name(self):
        for deviation in self:
            parts = [deviation.name, deviation.expected]
            deviation.display_name = ": ".join(filter(None, parts))
