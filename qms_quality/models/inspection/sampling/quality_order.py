from odoo import api, fields, models

from ...number_text import format_quantity

# loose units beyond this are read as a whole
MAX_READ_UNITS = 200


class QmsQualityOrder(models.Model):
    """What of the goods of a quality order is inspected."""

    _inherit = "qms.quality.order"

    sampling_plan_id = fields.Many2one(
        "qms.sampling.plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="How much of the goods is taken. Empty: one set of readings, or one for"
        " each serial number.",
    )
    sampling_method = fields.Selection(
        related="sampling_plan_id.method", string="Sampling Method"
    )
    ladder_level_id = fields.Many2one(
        "qms.sampling.ladder.level",
        string="Sampled on Level",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    sample_quantity = fields.Float(
        string="Sample",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="How much is taken, in the product's unit of measure.",
    )
    sample_package_id = fields.Many2one(
        "stock.package",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    sample_stage = fields.Integer(
        readonly=True,
        copy=False,
        help="1: the first sample is to be inspected. 2: the second one, too.",
    )
    is_remainder = fields.Boolean(
        string="For Goods to Come",
        readonly=True,
        copy=False,
        help="The sample is taken of what was ordered and is still to come.",
    )
    is_resubmission = fields.Boolean(
        string="Submitted again",
        readonly=True,
        copy=False,
        help="The lot was rejected before: its verdict doesn't switch the severity.",
    )
    is_judged = fields.Boolean(
        readonly=True,
        copy=False,
        help="A verdict was counted. Inspecting again counts no second one.",
    )
    hold_scope = fields.Selection(
        [("all", "All of the goods"), ("sample", "The sample only")],
        string="Held",
        readonly=True,
        copy=False,
    )
    reading_scope = fields.Selection(
        [("unit", "Each unit taken"), ("sample", "The sample as a whole")],
        string="Readings for",
        readonly=True,
        copy=False,
    )
    draw_seed = fields.Char(
        string="Seed",
        readonly=True,
        copy=False,
        help="The draw can be repeated with it.",
    )
    draw_frame = fields.Json(
        string="Drawn from",
        readonly=True,
        copy=False,
        help="The serial numbers in their order, or how many units there were.",
    )
    unit_ids = fields.One2many(
        "qms.quality.order.unit", "order_id", string="Units to Take"
    )
    unit_count = fields.Integer(compute="_compute_unit_count")
    defect_ids = fields.One2many(
        "qms.quality.order.defect", "order_id", string="Defects"
    )
    sample_text = fields.Char(compute="_compute_sample_text", string="To Do")

    @api.depends("unit_ids")
    def _compute_unit_count(self):
        for order in self:
            order.unit_count = len(order.unit_ids)

    @api.depends_context("lang")
    @api.depends("sample_quantity", "quantity", "sample_package_id", "sample_stage")
    def _compute_sample_text(self):
        for order in self:
            order.sample_text = (
                order.sample_stage and order._get_sample_text()
            ) or False

    def _get_sample_text(self):
        self.ensure_one()
        values = {
            "sample": format_quantity(self.env, self.sample_quantity),
            "quantity": format_quantity(self.env, self.quantity),
            "unit": self.product_id.uom_id.name,
        }
        if self.sample_package_id:
            package = self.sample_package_id.name
            return self.env._("Take the package %s, whole", package)
        if self.is_remainder:
            return self.env._(
                "Take %(sample)s of %(quantity)s %(unit)s still to come", **values
            )
        return self.env._("Take %(sample)s of %(quantity)s %(unit)s", **values)

    # -- What can't be written by hand -------------------------------------------------

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {
            "ladder_level_id",
            "sample_quantity",
            "sample_package_id",
            "sample_stage",
            "is_remainder",
            "is_resubmission",
            "is_judged",
            "hold_scope",
            "reading_scope",
            "draw_seed",
            "draw_frame",
            "unit_ids",
        }

    @api.model
    def _get_goods_fields(self):
        return super()._get_goods_fields() | {"sampling_plan_id"}

    def _may_share_lots(self):
        return super()._may_share_lots() or bool(self.sampling_plan_id)

    # -- Readings ----------------------------------------------------------------------

    def _get_reading_targets(self):
        if not self.sampling_plan_id:
            return super()._get_reading_targets()
        if not self.sample_stage:
            # the sample isn't drawn yet: its readings are made with it
            return []
        if self.reading_scope == "sample":
            return [self._get_whole_target()]
        if self.unit_ids:
            return self._get_unit_targets(self.unit_ids)
        if self.product_tracking == "serial":
            return super()._get_reading_targets()
        return [self._get_whole_target()]

    def _get_whole_target(self):
        lots = self.lot_ids
        return {"lot_id": lots.id if len(lots) == 1 else False}

    def _get_unit_targets(self, units):
        """Return what is read of drawn units; nothing, where the whole is read."""
        self.ensure_one()
        if self.reading_scope == "sample":
            return []
        whole = self._get_whole_target()
        return [
            {"lot_id": unit.lot_id.id or whole["lot_id"], "unit_id": unit.id}
            for unit in units
        ]
