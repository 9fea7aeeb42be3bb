from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

METHODS = [
    ("all", "All units"),
    ("fixed", "Fixed quantity"),
    ("percent", "Percent"),
    ("every_n", "So many of every N units"),
    ("package", "Full packages, every nth"),
    ("z14", "ANSI/ASQ Z1.4"),
]


class QmsSamplingPlan(models.Model):
    """How much of some goods is inspected, and what is held meanwhile.

    A quality order copies what the plan says about its goods. Changing a plan never
    changes an order that was started.
    """

    _name = "qms.sampling.plan"
    _description = "Sampling Plan"
    _inherit = ["mail.thread", "qms.audit.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: usable in all companies.",
    )
    method = fields.Selection(
        METHODS, required=True, default="fixed", string="Sample", tracking=True
    )
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        tracking=True,
        help="How much is taken, in the product's unit of measure.",
    )
    percent = fields.Float(default=10.0, tracking=True)
    per_quantity = fields.Float(
        string="Of Every",
        digits="Product Unit",
        default=100.0,
        tracking=True,
        help="Counted across receipts, for each product and partner.",
    )
    package_nth = fields.Integer(
        string="Every",
        default=1,
        tracking=True,
        help="The first package is always taken, then every nth.",
    )
    package_per_product = fields.Boolean(
        string="Count per Product",
        default=True,
        help="The count starts again with each product of a receipt.",
    )
    basis = fields.Selection(
        [("received", "What is received"), ("ordered", "What was ordered")],
        required=True,
        compute="_compute_basis",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="What is received: each receipt has a sample of its own.\n"
        "What was ordered: one sample for the order line, taken from the first receipt;"
        " what comes later shares its fate.",
    )
    split_lot = fields.Boolean(
        string="Per Lot", default=True, help="Each lot has an order and a sample."
    )
    split_serial = fields.Boolean(
        string="Per Serial Number",
        help="Each serial number has an order of its own. Otherwise those of a receipt"
        " line share one.",
    )
    split_package = fields.Boolean(
        string="Per Package",
        compute="_compute_split_package",
        store=True,
        readonly=False,
        precompute=True,
        help="The goods of each package have an order and a sample.",
    )
    reading_scope = fields.Selection(
        [("unit", "Each unit taken"), ("sample", "The sample as a whole")],
        string="Readings for",
        required=True,
        compute="_compute_reading_scope",
        store=True,
        readonly=False,
        precompute=True,
        help="Goods that are not counted in units, and samples of more than 200 units"
        " without a number of their own, are read as a whole.",
    )
    hold_scope = fields.Selection(
        [("all", "All of the goods"), ("sample", "The sample only")],
        string="Hold",
        required=True,
        default="all",
        tracking=True,
        help="The sample only: it is moved to its place and held there, and the rest"
        " may be used. If it fails, the rest is held too.",
    )
    sample_location_id = fields.Many2one(
        "stock.location",
        string="Sample Place",
        ondelete="restrict",
        check_company=True,
        domain=[("usage", "=", "internal")],
        help="Goods that pass in a quarantine zone are put away from there.",
    )
    sample_package = fields.Boolean(
        string="In a Package of its own", help="The sample goes into a new package."
    )
    sample_done = fields.Boolean(
        string="Move at Once",
        default=True,
        help="The transfer of the sample is done, not only made and reserved.",
    )
    sample_back = fields.Boolean(
        string="Bring Back",
        help="What is left of a sample that passed is brought back: a transfer is made"
        " and reserved. Otherwise the order has a button for it.",
    )
    skip_lot = fields.Integer(
        string="Skip-lot: One in",
        default=1,
        tracking=True,
        help="Of so many lots in a row, one is inspected, at random; the others pass"
        " without an order. 1: every lot.",
    )
    note = fields.Text(string="Notes")
    association_ids = fields.One2many(
        "qms.quality.association", "sampling_plan_id", string="Used by"
    )
    order_count = fields.Integer(compute="_compute_order_count")

    _quantity_check = models.Constraint(
        "CHECK(quantity > 0)", "A sample is more than nothing."
    )
    _percent_check = models.Constraint(
        "CHECK(percent > 0 AND percent <= 100)",
        "The percentage is above 0 and at most 100.",
    )
    _per_quantity_check = models.Constraint(
        "CHECK(method <> 'every_n' OR per_quantity >= quantity)",
        "Not more can be taken than the units it is taken from.",
    )
    _package_nth_check = models.Constraint(
        "CHECK(package_nth >= 1)", "Every nth package: n is at least 1."
    )
    _skip_lot_check = models.Constraint(
        "CHECK(skip_lot >= 1)", "One in n lots: n is at least 1."
    )

    @api.depends("method")
    def _compute_basis(self):
        for plan in self:
            if not plan.basis or plan.method not in ("fixed", "percent"):
                plan.basis = "received"

    @api.depends("method")
    def _compute_split_package(self):
        for plan in self:
            plan.split_package = plan.method == "package" or plan.split_package

    @api.depends("method")
    def _compute_reading_scope(self):
        for plan in self:
            plan.reading_scope = "sample" if plan.method == "z14" else "unit"

    def _compute_order_count(self):
        counts = dict(
            self.env["qms.quality.order"]._read_group(
                [("sampling_plan_id", "in", self.ids)],
                ["sampling_plan_id"],
                ["__count"],
            )
        )
        for plan in self:
            plan.order_count = counts.get(plan._origin, 0)

    @api.constrains("basis", "method", "split_package")
    def _check_basis(self):
        for plan in self:
            if plan.basis == "ordered" and plan.method not in ("fixed", "percent"):
                raise ValidationError(
                    self.env._(
                        "%s: only a fixed quantity or a percentage can be taken of what"
                        " was ordered.",
                        plan.name,
                    )
                )
            if plan.method == "package" and not plan.split_package:
                raise ValidationError(
                    self.env._("%s: full packages are inspected apart.", plan.name)
                )

    @api.constrains("hold_scope", "sample_location_id", "sample_package", "method")
    def _check_hold_scope(self):
        for plan in self:
            is_placed = plan.sample_location_id or plan.sample_package
            if plan.hold_scope == "sample" and plan.method != "package":
                if not is_placed:
                    raise ValidationError(
                        self.env._(
                            "%s: to hold the sample only, it needs a place or a"
                            " package of its own.",
                            plan.name,
                        )
                    )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", plan.name))
            for plan, vals in zip(self, vals_list, strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: an order that the user may not read still counts
        used = self.filtered(lambda plan: plan.sudo().order_count)
        if used:
            raise UserError(
                self.env._(
                    "Quality orders were made by: %s. Archive the plan instead.",
                    ", ".join(used.mapped("name")),
                )
            )

    def action_open_orders(self):
        """Open the quality orders of these plans."""
        return self.env["qms.quality.order"]._get_action(
            [("sampling_plan_id", "in", self.ids)], {"create": False}
        )

    # -- How much ---------------------------------------------------------------------

    def _get_sample_quantity(self, quantity, unit):
        """Return how much of ``quantity`` is taken, whatever came before.

        :param float quantity: in ``unit``
        :param unit: ``uom.uom`` of the product
        """
        self.ensure_one()
        if self.method == "fixed":
            return min(self.quantity, quantity)
        if self.method == "percent":
            return self._round_up(quantity * self.percent / 100, unit)
        if self.method == "every_n":
            return self._get_due_quantity(0, quantity, unit)
        return quantity

    def _get_due_quantity(self, before, quantity, unit):
        """Return how much is taken of a receipt: the first of every N units.

        :param float before: how much was received earlier
        :param float quantity: how much arrives now
        :param unit: ``uom.uom`` of the product
        """

        def due(received):
            blocks, rest = divmod(unit.round(received), self.per_quantity)
            return blocks * self.quantity + min(self.quantity, rest)

        return unit.round(due(before + quantity) - due(before))

    @api.model
    def _round_up(self, quantity, unit):
        """Round to whole units upwards, or to the precision of other goods."""
        if self._is_counted(unit):
            # the noise of a percentage is no unit
            return float(-(-round(quantity, 6) // 1))
        return unit.round(quantity, "UP")

    @api.model
    def _is_counted(self, unit):
        """Tell whether goods are counted in units, so that units can be drawn."""
        return unit == self.env.ref("uom.product_uom_unit", raise_if_not_found=False)
