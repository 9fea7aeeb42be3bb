from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .event import EVENTS

INSPECTOR = "qms_quality.group_quality_inspector"
MANAGER = "qms_quality.group_quality_manager"
DONE_STATES = ("validated", "cancelled")
LATE_ACTIVITY = "qms_quality.activity_order_late"


class QmsQualityOrder(models.Model):
    """The request to inspect goods, and its answer.

    The order holds its goods from the moment it is made. It copies its test groups, so
    that a later change of a test or a limit never changes what was inspected. Its state
    moves by its actions only.
    """

    _name = "qms.quality.order"
    _description = "Quality Order"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "qms.guarded.mixin",
        "qms.step.block.mixin",
    ]
    _qms_audit_joined = {"verdict": "state"}
    _order = "priority desc, date_due, id"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="New"
    )
    state = fields.Selection(
        [
            ("draft", "To Do"),
            ("open", "In Progress"),
            ("validated", "Validated"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
    )
    verdict = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")],
        readonly=True,
        copy=False,
        help="Set when the order is validated.",
    )
    event = fields.Selection(
        [*EVENTS, ("manual", "By hand")], readonly=True, copy=False, default="manual"
    )
    product_id = fields.Many2one(
        "product.product",
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Empty: something that is no product, or not known to be one yet.",
    )
    product_tracking = fields.Selection(related="product_id.tracking")
    lot_ids = fields.Many2many(
        "stock.lot",
        "qms_quality_order_lot_rel",
        "order_id",
        "lot_id",
        string="Lots/Serial Numbers",
        copy=False,
        ondelete="restrict",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
        help="One lot, or serial numbers that are inspected together.",
    )
    lot_names = fields.Char(string="Lot", compute="_compute_lot_names")
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        help="How much the order is about.",
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
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("usage", "in", ("internal", "transit"))],
        help="Where the goods arrived. Goods without a lot are held here.",
    )
    hold_goods = fields.Boolean(
        default=True,
        help="The goods are held until the order is validated.",
    )
    test_group_ids = fields.Many2many(
        "qms.test.group",
        "qms_quality_order_test_group_rel",
        "order_id",
        "test_group_id",
        string="Test Groups",
        compute="_compute_test_group_ids",
        inverse="_inverse_test_group_ids",
        store=True,
        ondelete="restrict",
        check_company=True,
    )
    spec_ids = fields.One2many(
        "qms.quality.order.spec", "order_id", string="Specifications"
    )
    test_ids = fields.One2many("qms.quality.order.test", "order_id", string="Tests")
    result_ids = fields.One2many(
        "qms.quality.order.result", "order_id", string="Readings"
    )
    result_count = fields.Integer(string="Readings to Take", compute="_compute_counts")
    recorded_count = fields.Integer(compute="_compute_counts")
    failed_count = fields.Integer(string="Failed Readings", compute="_compute_counts")
    progress = fields.Integer(compute="_compute_counts", help="In percent.")
    association_id = fields.Many2one(
        "qms.quality.association",
        string="Made by Rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", check_company=True
    )
    move_id = fields.Many2one(
        "stock.move",
        string="Stock Move",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
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
    purchase_line_id = fields.Many2one(
        related="move_id.purchase_line_id",
        string="Purchase Order Line",
        store=True,
        index="btree_not_null",
    )
    purchase_id = fields.Many2one(
        related="purchase_line_id.order_id",
        string="Purchase Order",
        store=True,
        index="btree_not_null",
    )
    res_model = fields.Char(
        string="Source Model", compute="_compute_source", store=True, precompute=True
    )
    res_id = fields.Many2oneReference(
        string="Source Document",
        model_field="res_model",
        compute="_compute_source",
        store=True,
        precompute=True,
        help="The document that the goods came in with.",
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Urgent")], default="0", required=True
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
    date_due = fields.Date(string="Due", copy=False, default=fields.Date.context_today)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    date_start = fields.Datetime(
        string="Started on", readonly=True, copy=False, qms_audit=False
    )
    date_last_reading = fields.Datetime(
        string="Last Reading", readonly=True, copy=False, qms_audit=False
    )
    date_validated = fields.Datetime(
        string="Validated on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        qms_audit=False,
    )
    validated_by_id = fields.Many2one(
        "res.users", string="Validated by", readonly=True, copy=False, qms_audit=False
    )
    hold_ids = fields.One2many(
        "qms.hold",
        "res_id",
        string="Holds",
        domain=lambda self: [("res_model", "=", self._name)],
    )
    open_hold_count = fields.Integer(compute="_compute_open_hold_count")
    hold_status_id = fields.Many2one(
        "qms.inspection.status",
        string="Held as",
        compute="_compute_open_hold_count",
        help="The strictest status that this order holds its goods in.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    _product_check = models.Constraint(
        "CHECK(product_id IS NOT NULL OR event = 'manual')",
        "Only a quality order by hand can be about something that is no product.",
    )
    _uom_check = models.Constraint(
        "CHECK(product_id IS NULL OR uom_id IS NOT NULL)",
        "The quantity of a product needs its unit.",
    )
    _todo_idx = models.Index("(company_id, date_due) WHERE state IN ('draft', 'open')")

    # -- Computed ---------------------------------------------------------------------

    @api.depends("lot_ids")
    def _compute_lot_names(self):
        for order in self:
            names = order.lot_ids.mapped("name")
            if len(names) > 3:
                order.lot_names = self.env._(
                    "%(first)s – %(last)s (%(count)s)",
                    first=names[0],
                    last=names[-1],
                    count=len(names),
                )
            else:
                order.lot_names = ", ".join(names)

    @api.depends("product_id")
    def _compute_uom_id(self):
        for order in self:
            order.uom_id = order.product_id.uom_id

    @api.depends("spec_ids.test_group_id")
    def _compute_test_group_ids(self):
        for order in self:
            order.test_group_ids = order.spec_ids.test_group_id

    def _inverse_test_group_ids(self):
        """Copy the groups that were added; drop those that were taken away."""
        dropped = self.env["qms.quality.order.spec"]
        vals_list = []
        for order in self:
            present = order.spec_ids.test_group_id
            dropped |= order.spec_ids.filtered(
                lambda spec, order=order: spec.test_group_id not in order.test_group_ids
            )
            vals_list += [
                {"order_id": order.id, "test_group_id": group.id}
                for group in order.test_group_ids - present
            ]
        dropped.unlink()
        dropped.create(vals_list)

    def _compute_counts(self):
        recorded, failed, total = {}, {}, {}
        groups = self.env["qms.quality.order.result"]._read_group(
            [("order_id", "in", self.ids)],
            ["order_id", "is_recorded", "verdict"],
            ["__count"],
        )
        for order, is_recorded, verdict, count in groups:
            total[order] = total.get(order, 0) + count
            recorded[order] = recorded.get(order, 0) + count * bool(is_recorded)
            failed[order] = failed.get(order, 0) + count * (verdict == "failed")
        for order in self:
            count = total.get(order._origin, 0)
            order.result_count = count
            order.recorded_count = recorded.get(order._origin, 0)
            order.failed_count = failed.get(order._origin, 0)
            order.progress = 100 * order.recorded_count // count if count else 0

    @api.depends("picking_id", "production_id")
    def _compute_source(self):
        for order in self:
            source = order._get_source()
            order.res_model = source._name if source else False
            order.res_id = source.id if source else False

    def _get_source(self):
        """Return the document that the goods came in with."""
        self.ensure_one()
        return self.production_id or self.picking_id

    @api.depends("date_due", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for order in self:
            order.is_late = (
                order.state not in DONE_STATES
                and bool(order.date_due)
                and order.date_due < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("state", "not in", DONE_STATES), ("date_due", "<", today)]

    def _compute_open_hold_count(self):
        open_holds = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        by_order = open_holds.grouped("res_id")
        for order in self:
            holds = by_order.get(order._origin.id, open_holds.browse())
            order.open_hold_count = len(holds)
            order.hold_status_id = holds.status_id._get_strictest()

    @api.onchange("lot_ids")
    def _onchange_lot_ids(self):
        if self.lot_ids and not self.product_id:
            self.product_id = self.lot_ids[0].product_id
        if self.product_tracking == "serial" and self.lot_ids:
            self.quantity = len(self.lot_ids)

    @api.onchange("product_id")
    def _onchange_product_id(self):
        self.lot_ids = self.lot_ids.filtered(
            lambda lot: lot.product_id == self.product_id
        )

    @api.onchange("picking_id")
    def _onchange_picking_id(self):
        if self.picking_id:
            self.partner_id = self.picking_id.partner_id
            self.location_id = self.picking_id.location_dest_id
            moves = self.picking_id.move_ids
            if len(moves.product_id) == 1:
                self.product_id = moves.product_id

    @api.constrains("lot_ids", "product_id")
    def _check_lots(self):
        for order in self:
            wrong = order.lot_ids.filtered(
                lambda lot, order=order: lot.product_id != order.product_id
            )
            if wrong and not order.product_id:
                raise ValidationError(
                    self.env._(
                        "Give the product of the lots, too: %s.",
                        ", ".join(wrong.mapped("name")),
                    )
                )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(lots)s: not of the product %(product)s.",
                        lots=", ".join(wrong.mapped("name")),
                        product=order.product_id.display_name,
                    )
                )
            if len(order.lot_ids) > 1 and not order._may_share_lots():
                raise ValidationError(
                    self.env._(
                        "A quality order is about one lot, or about serial numbers."
                        " Make an order for each of: %(lots)s.",
                        lots=", ".join(order.lot_ids.mapped("name")),
                    )
                )

    def _may_share_lots(self):
        """Tell whether this order may be about several lots."""
        self.ensure_one()
        return self.product_id.tracking == "serial"

    # -- Documents --------------------------------------------------------------------

    def _get_reading_targets(self):
        """Return what is read: values of a reading for each, such as its lot."""
        self.ensure_one()
        lots = self.lot_ids
        return [{"lot_id": lot.id} for lot in (lots if len(lots) > 1 else [lots])]

    @api.model
    def _get_action(self, domain, context=None):
        """Return the action that shows the orders of ``domain``; the form, of one."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qms_quality.action_qms_quality_order"
        )
        action.update(domain=domain, context=context or {})
        orders = self.search(domain, limit=2)
        if len(orders) == 1:
            action.update(views=[(False, "form")], res_id=orders.id)
        return action

    @api.model
    def _get_new_action(self, context):
        """Return the action that opens the form of a new order, with ``context``."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Quality Order"),
            "res_model": self._name,
            "view_mode": "form",
            "context": context,
        }

    def action_open_source(self):
        """Open the document that the goods came in with."""
        return self._get_source()._get_records_action()

    def action_open_lots(self):
        """Open the lots."""
        return self.lot_ids._get_records_action(name=self.env._("Lots/Serial Numbers"))

    def action_open_purchase(self):
        """Open the purchase order."""
        return self.purchase_id._get_records_action()

    def action_open_holds(self):
        """Open the holds of this order, open and released."""
        holds = self.env["qms.hold"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        return holds._get_records_action(name=self.env._("Holds"))
