from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..sentinel import is_trusted, trusted, untrusted
from .arrival import EVENTS

INSPECTOR = "qms_quality.group_quality_inspector"
MANAGER = "qms_quality.group_quality_manager"
DONE_STATES = ("validated", "cancelled")


class QmsQualityOrder(models.Model):
    """The request to inspect goods, and its answer.

    The order holds its goods from the moment it is made. It copies its test groups, so
    that a later change of a test or a limit never changes what was inspected. Its state
    moves by its actions only.
    """

    _name = "qms.quality.order"
    _description = "Quality Order"
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.audit.mixin"]
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
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
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
        required=True,
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
    res_model = fields.Char(string="Source Model", compute="_compute_source", store=True)
    res_id = fields.Many2oneReference(
        string="Source Document",
        model_field="res_model",
        compute="_compute_source",
        store=True,
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
    date_start = fields.Datetime(string="Started on", readonly=True, copy=False)
    date_last_reading = fields.Datetime(
        string="Last Reading", readonly=True, copy=False
    )
    date_validated = fields.Datetime(
        string="Validated on", readonly=True, copy=False, index="btree_not_null"
    )
    validated_by_id = fields.Many2one(
        "res.users", string="Validated by", readonly=True, copy=False
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
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(lots)s: not of the product %(product)s.",
                        lots=", ".join(wrong.mapped("name")),
                        product=order.product_id.display_name,
                    )
                )
            if order.product_id.tracking != "serial" and len(order.lot_ids) > 1:
                raise ValidationError(
                    self.env._(
                        "A quality order is about one lot, or about serial numbers."
                        " Make an order for each of: %(lots)s.",
                        lots=", ".join(order.lot_ids.mapped("name")),
                    )
                )

    # -- What can't be written by hand ------------------------------------------------

    @api.model
    def _get_protected_fields(self):
        """Return the fields that only actions write."""
        return {
            "name",
            "state",
            "verdict",
            "event",
            "association_id",
            "date_start",
            "date_last_reading",
            "date_validated",
            "validated_by_id",
            "res_model",
            "res_id",
        }

    @api.model
    def _get_goods_fields(self):
        """Return the fields that say what is inspected; fixed once the goods are held."""
        return {
            "product_id",
            "lot_ids",
            "quantity",
            "uom_id",
            "location_id",
            "hold_goods",
            "move_id",
            "picking_id",
            "production_id",
            "company_id",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Make orders, hold their goods, and copy their test groups."""
        if not is_trusted(self.env):
            vals_list = [self._prepare_manual_values(vals) for vals in vals_list]
        for vals, number in zip(
            vals_list, self._draw_numbers(vals_list), strict=True
        ):
            vals["name"] = number
        orders = super().create(vals_list)
        orders._audit("create")
        if not is_trusted(self.env):
            orders._place_holds()
        return orders

    def _prepare_manual_values(self, vals):
        """Refuse what only actions write, whether it comes in values or defaults."""
        # what is computed is no default either
        protected = self._get_protected_fields() - {"res_model", "res_id"}
        start = {"name": "New", "state": "draft", "event": "manual"}
        wrong = [
            name
            for name in sorted(protected & vals.keys())
            if vals[name] and vals[name] != start.get(name)
        ]
        if wrong:
            self._refuse_protected(wrong)
        # a default from the context would come in after this check
        return {**vals, **{name: start.get(name, False) for name in protected}}

    def _draw_numbers(self, vals_list):
        return self.env["ir.sequence"]._qms_draw("qms.quality.order", len(vals_list))

    def write(self, vals):
        if not is_trusted(self.env):
            wrong = self._get_protected_fields() & vals.keys()
            if wrong:
                self._refuse_protected(sorted(wrong))
            if self._get_goods_fields() & vals.keys():
                self._check_goods_unchanged(vals)
            if {"spec_ids", "test_group_ids", "result_ids"} & vals.keys():
                self._check_editable()
        return super().write(vals)

    def _refuse_protected(self, names):
        labels = [self._fields[name]._description_string(self.env) for name in names]
        raise AccessError(
            self.env._(
                "These fields of a quality order are set by its buttons only: %s.",
                ", ".join(labels),
            )
        )

    def _check_goods_unchanged(self, vals):
        for name in self._get_goods_fields() & vals.keys():
            field = self._fields[name]
            for order in self:
                changed = order.new({name: vals[name]}, origin=order)
                if changed[name] != order[name] and (
                    not field.relational or changed[name]._origin != order[name]
                ):
                    raise UserError(
                        self.env._(
                            "%(order)s holds its goods, so its %(field)s can't be"
                            " changed. Cancel it and make another one.",
                            order=order.name,
                            field=field._description_string(self.env),
                        )
                    )

    def _check_editable(self):
        """Refuse to change the tests or readings of orders that are done.

        :raise UserError: names the orders
        """
        done = self.filtered(lambda order: order.state in DONE_STATES)
        if done and not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "The tests and readings of these orders can't be changed any more:"
                    " %(orders)s. A quality manager can reopen them.",
                    orders=", ".join(done._get_name_and_state()),
                )
            )

    def _get_name_and_state(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return [f"{order.name} ({states[order.state]})" for order in self]

    def copy_data(self, default=None):
        # what is copied is the request: goods without their lots, and the test groups
        vals_list = super().copy_data(default=default)
        for order, vals in zip(self, vals_list, strict=True):
            vals.pop("spec_ids", None)
            vals["test_group_ids"] = [(6, 0, order.test_group_ids.ids)]
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        kept = self.filtered(lambda order: order.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "Only orders that nobody started can be deleted, not: %(orders)s.",
                    orders=", ".join(kept._get_name_and_state()),
                )
            )

    def unlink(self):
        holds = self.env["qms.hold"]._search_open(self._name, self.ids)
        self._audit("delete")
        res = super().unlink()
        holds._release(self.env._("Quality order deleted"))
        return res

    # -- Orders for arrivals ----------------------------------------------------------

    @api.model
    def _create_for_arrivals(self, matches):
        """Make the orders of a posting, and hold their goods.

        :param list matches: pairs of :class:`Arrival` and the rule that asks for it
        :return: the orders
        """
        if not matches:
            return self.browse()
        # sudo: who receives goods makes orders by doing so, whatever his rights.
        # Nothing is logged or followed per order: its making is in the audit trail.
        model = trusted(self.sudo()).with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        orders = model.create(
            [rule._prepare_order_values(arrival) for arrival, rule in matches]
        )
        status = orders._get_waiting_status()
        self.env["qms.hold"]._place(
            [
                dict(order._prepare_hold_values(status), **goods)
                for order, (arrival, _rule) in zip(orders, matches, strict=True)
                for goods in order._get_arrival_goods(arrival)
            ]
        )
        return untrusted(orders.with_env(self.env))

    def _get_arrival_goods(self, arrival):
        """Return what an order for ``arrival`` holds, as values of ``qms.hold``.

        A new lot as a whole; a known lot, and goods without a lot, where they arrived.
        """
        goods = {}
        for movement in arrival.movements:
            narrow = movement.known or not movement.lot
            place = movement.location_dest.id if narrow else False
            goods[movement.lot.id, place] = {
                "product_id": movement.product.id,
                "lot_id": movement.lot.id,
                "location_id": place,
            }
        return list(goods.values())

    # -- Holds ------------------------------------------------------------------------

    @api.model
    def _get_waiting_status(self):
        return self.env.ref("qms_quality.status_under_inspection")

    def _prepare_hold_values(self, status, reason=None):
        """Return the values of a hold by this order, without its goods.

        :param status: ``qms.inspection.status`` to hold in
        :param str reason: why; waiting for inspection, if empty
        """
        self.ensure_one()
        return {
            "status_id": status.id,
            "reason": reason or self.env._("Waiting for inspection"),
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
        }

    def _place_holds(self):
        """Hold the goods of orders made by hand, or opened again."""
        status = self._get_waiting_status()
        self.env["qms.hold"]._place(
            [
                dict(order._prepare_hold_values(status), **goods)
                for order in self.filtered("hold_goods")
                for goods in order._get_goods()
            ]
        )

    def _get_goods(self):
        """Return what this order is about, as values of ``qms.hold``: its lots
        wherever they are, or its product in its place. Nothing, for a loose sample."""
        self.ensure_one()
        goods = {"product_id": self.product_id.id}
        if self.lot_ids:
            return [dict(goods, lot_id=lot.id) for lot in self.lot_ids]
        # a tracked product without a lot would be held with all its lots: only where
        # it arrived so
        is_lotless = self.product_tracking == "none" or self.event != "manual"
        if self.location_id and is_lotless:
            return [dict(goods, location_id=self.location_id.id)]
        return []

    def _replace_holds(self, statuses, reason):
        """Hold in ``statuses`` what the order holds now, wherever that has gone."""
        self.ensure_one()
        holds = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        scopes = (holds | holds.child_ids).filtered(lambda hold: hold.state == "open")
        # first the new ones: in between the goods would be free
        self.env["qms.hold"]._place(
            [
                {
                    **self._prepare_hold_values(status, reason),
                    "product_id": hold.product_id.id,
                    "lot_id": hold.lot_id.id,
                    "location_id": hold.location_id.id,
                    "package_id": hold.package_id.id,
                }
                for hold in scopes
                for status in statuses
            ]
        )
        holds._release(reason)

    # -- Actions ----------------------------------------------------------------------

    def _check_group(self, group):
        """Refuse unless the user is in ``group``; being superuser doesn't stand in.

        :raise AccessError: names the group
        """
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "Only members of the group %s can do this.",
                    self.env.ref(group).sudo().full_name,
                )
            )
        self.check_access("write")

    def _check_state(self, states, action):
        """Refuse unless all orders are in one of ``states``.

        :raise UserError: names the orders that are not
        """
        wrong = self.filtered(lambda order: order.state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "%(action)s isn't possible for: %(orders)s.",
                    action=action,
                    orders=", ".join(wrong._get_name_and_state()),
                )
            )

    def action_start(self):
        """Start the inspection.

        :raise AccessError: if the user is no inspector
        :raise UserError: if an order was started already
        """
        self._check_group(INSPECTOR)
        self._check_state(["draft"], self.env._("Start"))
        self._start()

    def _start(self):
        trusted(self).write({"state": "open", "date_start": fields.Datetime.now()})
        self._audit("start")
        for order in self.filtered(lambda order: not order.user_id):
            order.user_id = self.env.user

    def _record_readings(self, date):
        """Start the orders that got their first reading.

        Writing the orders also keeps a validation from passing a reading that is
        entered at the same time: one of the two waits and runs again.
        """
        trusted(self).write({"date_last_reading": date})
        self.filtered(lambda order: order.state == "draft")._start()

    def action_validate(self):
        """Judge the readings: release the goods that passed, hold those that failed.

        :raise AccessError: if the user is no inspector
        :raise UserError: names all that is missing, of all orders
        """
        self._check_group(INSPECTOR)
        self._check_validate()
        self._validate()

    def _check_validate(self):
        self._check_state(["draft", "open"], self.env._("Validate"))
        problems = [
            self.env._("%(order)s: %(problem)s", order=order.name, problem=problem)
            for order in self
            for problem in order._get_validation_problems()
        ]
        if problems:
            raise UserError(
                self.env._("The inspection isn't complete:")
                + "".join(f"\n- {problem}" for problem in problems)
            )

    def _get_validation_problems(self):
        """Return what keeps this order from being validated, a line each."""
        self.ensure_one()
        if not self.test_ids:
            return [self.env._("it has no tests. Add a test group.")]
        required = self.result_ids.filtered(
            lambda result: result.required and not result.is_recorded
        )
        if required:
            return [
                self.env._("no reading for %(reading)s", reading=result.display_name)
                for result in required
            ]
        if not any(self.result_ids.mapped("is_recorded")):
            return [self.env._("no reading was recorded")]
        return []

    def _validate(self):
        passed = self.filtered(lambda order: order._get_verdict() == "passed")
        passed._set_validated("passed")
        body = self.env._("Inspection passed")
        passed._message_log_batch({order.id: body for order in passed})
        self.env["qms.hold"]._search_open(self._name, passed.ids)._release(
            self.env._("Inspection passed")
        )
        failed = self - passed
        failed._set_validated("failed")
        for order in failed:
            reason = order._get_failure_text()
            order._message_log(body=reason)
            order._replace_holds(order._get_failed_statuses(), reason)

    def _get_verdict(self):
        """Return what the specifications say together: all must have passed."""
        self.ensure_one()
        verdicts = set(self.spec_ids.mapped("verdict"))
        return "passed" if verdicts == {"passed"} else "failed"

    def _get_failed_statuses(self):
        specs = self.spec_ids.filtered(lambda spec: spec.verdict != "passed")
        return specs.failed_status_id

    def _get_failure_text(self):
        """Return which readings failed, for people: the hold's reason."""
        failed = self.result_ids.filtered(lambda result: result.verdict == "failed")
        texts = [
            self.env._(
                "%(reading)s: %(value)s (%(limits)s)",
                reading=result.display_name,
                value=result._get_value_text(),
                limits=result.limits,
            )
            for result in failed
        ]
        more = len(texts) - 5
        if more > 0:
            texts[5:] = [self.env._("and %s more", more)]
        return self.env._("Inspection failed: %s", "; ".join(texts))

    def _set_validated(self, verdict):
        if not self:
            return
        trusted(self).write(
            {
                "state": "validated",
                "verdict": verdict,
                "date_validated": fields.Datetime.now(),
                "validated_by_id": self.env.uid,
            }
        )
        label = dict(self._fields["verdict"]._description_selection(self.env))[verdict]
        self._audit("validate", {"verdict": ("", label)})
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_cancel(self):
        """Give up orders that are not validated, and release their goods.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if an order is validated or cancelled already
        """
        self._check_group(MANAGER)
        self._check_state(["draft", "open"], self.env._("Cancel"))
        self._cancel()

    def _cancel(self):
        trusted(self).write({"state": "cancelled"})
        self._audit("cancel")
        self._message_log_batch(
            {order.id: self.env._("Quality order cancelled") for order in self}
        )
        self.env["qms.hold"]._search_open(self._name, self.ids)._release(
            self.env._("Quality order cancelled")
        )

    def action_reopen(self):
        """Inspect again: the verdict is taken back and the goods are held again.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if an order is neither validated nor cancelled
        """
        self._check_group(MANAGER)
        self._check_state(DONE_STATES, self.env._("Reopen"))
        self._reopen()

    def _reopen(self):
        verdicts = dict(self._fields["verdict"]._description_selection(self.env))
        for order in self:
            old = verdicts.get(order.verdict, self.env._("Cancelled"))
            order._audit("reopen", {"verdict": (old, "")})
        held = self.filtered("open_hold_count")
        trusted(self).write(
            {
                "state": "open",
                "verdict": False,
                "date_validated": False,
                "validated_by_id": False,
            }
        )
        self._message_log_batch(
            {order.id: self.env._("Quality order reopened") for order in self}
        )
        (self - held)._place_holds()
        for order in held:
            order._replace_holds(self._get_waiting_status(), self.env._("Quality order reopened"))

    # -- Documents --------------------------------------------------------------------

    def _get_sampled_lots(self):
        """Return the lots to take readings of; an empty one where lots don't matter."""
        self.ensure_one()
        lots = self.lot_ids
        return lots if len(lots) > 1 else [lots]

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
