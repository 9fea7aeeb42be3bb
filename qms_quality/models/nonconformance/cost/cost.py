from odoo import api, fields, models

KINDS = [
    ("scrap", "Scrapped goods"),
    ("material", "Material"),
    ("rework", "Rework time"),
    ("freight", "Freight"),
    ("charge", "Charges"),
    ("credit", "Credit received"),
]


class QmsNonconformanceCost(models.Model):
    """What a nonconformance costs: a part of the cost of poor quality.

    What dispositions cost is written when they are done; the rest, such as freight, is
    entered by hand.
    """

    _name = "qms.nonconformance.cost"
    _description = "Cost of Poor Quality"
    _inherit = ["qms.audit.mixin", "qms.checked.input.mixin"]
    _order = "nonconformance_id desc, date, id"
    _check_company_auto = True

    nonconformance_id = fields.Many2one(
        "qms.nonconformance",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    disposition_id = fields.Many2one(
        "qms.disposition", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    refund_id = fields.Many2one(
        "account.move",
        string="Credit Note",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="The vendor's credit note that this credit was received by.",
    )
    is_automatic = fields.Boolean(
        string="By the System",
        readonly=True,
        help="Written when a disposition was carried out.",
    )
    kind = fields.Selection(KINDS, string="Cost Type", required=True, default="charge")
    name = fields.Char(string="Description", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        string="Work Center",
        ondelete="restrict",
        check_company=True,
        help="Its cost per hour is proposed as the unit cost.",
    )
    quantity = fields.Float(
        string="Quantity or Hours", digits="Product Unit", default=1, aggregator=None
    )
    unit_cost = fields.Float(
        compute="_compute_unit_cost",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Price",
        aggregator=None,
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True
    )
    is_charged = fields.Boolean(
        string="To Vendor", help="A claim to the vendor lists it among its charges."
    )
    product_id = fields.Many2one(
        related="nonconformance_id.product_id", store=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        related="nonconformance_id.partner_id",
        string="Supplier or Customer",
        store=True,
        index="btree_not_null",
    )
    type = fields.Selection(related="nonconformance_id.type", store=True)
    root_cause_id = fields.Many2one(
        related="nonconformance_id.root_cause_id", store=True
    )
    company_id = fields.Many2one(
        related="nonconformance_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _sign_check = models.Constraint(
        "CHECK(amount = 0 OR (amount < 0) = (kind = 'credit'))",
        "A credit lowers the cost: enter it with a minus. All other costs have none.",
    )

    @api.depends("workcenter_id")
    def _compute_unit_cost(self):
        for cost in self:
            # sudo: who reckons what a case costs need not be in Manufacturing
            rate = cost.workcenter_id.sudo().costs_hour
            cost.unit_cost = rate or cost.unit_cost

    @api.depends("quantity", "unit_cost")
    def _compute_amount(self):
        for cost in self:
            cost.amount = (
                cost.quantity * cost.unit_cost if cost.unit_cost else cost.amount
            )
