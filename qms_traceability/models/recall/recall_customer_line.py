from odoo import api, fields, models

ANSWERS = ("returned", "destroyed", "used")


class QmsRecallCustomerLine(models.Model):
    """What a customer got of affected goods, and what he says became of it."""

    _name = "qms.recall.customer.line"
    _description = "Goods of a Recall Notice"
    _inherit = ["qms.recall.goods.mixin", "qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "customer_id"
    _order = "customer_id, id"

    customer_id = fields.Many2one(
        "qms.recall.customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="customer_id.company_id", store=True, index=True, precompute=True
    )
    # as they were when he was told: he reads no products and lots of ours
    product_name = fields.Char(string="Product", required=True, readonly=True)
    lot_name = fields.Char(string="Lot/Serial Number", required=True, readonly=True)
    uom_name = fields.Char(string="Unit", required=True, readonly=True)
    delivered = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="Less what came back by a return before he was told.",
    )
    is_told = fields.Boolean(string="Told", readonly=True)
    date_told = fields.Datetime(
        string="Told on", readonly=True, help="When he was told of these goods first."
    )
    came_back = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="By returns that were posted since he was told.",
    )
    returned = fields.Float(
        digits="Product Unit", aggregator=None, help="Sent back, or to be fetched."
    )
    destroyed = fields.Float(digits="Product Unit", aggregator=None)
    used = fields.Float(
        string="Used or Sold",
        digits="Product Unit",
        aggregator=None,
        help="What can't be got back.",
    )
    unaccounted = fields.Float(
        compute="_compute_unaccounted",
        store=True,
        digits="Product Unit",
        aggregator=None,
        qms_audit=False,
    )

    _once = models.Constraint(
        "unique(customer_id, recall_lot_id)",
        "This lot is part of the notice already.",
    )
    _product_once = models.Constraint(
        "unique(customer_id, product_row_id)",
        "These goods are part of the notice already.",
    )
    _positive = models.Constraint(
        "CHECK(returned >= 0 AND destroyed >= 0 AND used >= 0)",
        "Quantities of an answer can't be negative.",
    )

    @api.depends("delivered", "came_back", *ANSWERS)
    def _compute_unaccounted(self):
        for line in self:
            line.unaccounted = line.delivered - line._get_accounted()

    def _get_label(self):
        """Return how the customer tells these goods from others."""
        self.ensure_one()
        return self.lot_name if self.recall_lot_id else self.product_name

    def _get_said(self):
        """Return what the customer says of these goods, whatever became of them."""
        self.ensure_one()
        return sum(self[name] for name in ANSWERS)

    def _get_back(self):
        """Return what came back, or is said to: the same goods are counted once."""
        self.ensure_one()
        return max(self.returned, self.came_back)

    def _get_accounted(self):
        """Return of how much it is known what became of it."""
        self.ensure_one()
        return self._get_back() + self.destroyed + self.used

    def _get_answered(self):
        """Return the lines whose customer's answer counts."""
        return self.filtered(lambda line: line.customer_id.state == "answered")

    def _sum_accounted(self):
        """Return of how much all customers together account for: by their answers, and
        by what came back of those who haven't answered."""
        answered = self._get_answered()
        return sum(line._get_accounted() for line in answered) + sum(
            (self - answered).mapped("came_back")
        )

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | set(ANSWERS)
