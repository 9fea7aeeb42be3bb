from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .event import ARRIVING, BLOCKABLE, PRODUCING, STEPS
from .step import Step


class QmsQualityAssociation(models.Model):
    """Which steps wait for an inspection, and when and where a rule is in effect."""

    _name = "qms.quality.association"
    _inherit = ["qms.quality.association", "qms.step.block.mixin"]

    blockable = fields.Char(compute="_compute_blockable")
    picking_type_ids = fields.Many2many(
        "stock.picking.type",
        "qms_quality_association_picking_type_rel",
        string="Operation Types",
        ondelete="restrict",
        check_company=True,
    )
    operation_ids = fields.Many2many(
        "mrp.routing.workcenter",
        "qms_quality_association_operation_rel",
        string="Work Order Operations",
        ondelete="restrict",
        check_company=True,
    )
    date_from = fields.Date(string="In Effect from", help="Empty: since ever.")
    date_to = fields.Date(string="In Effect until", help="Empty: for ever.")
    repeat_hours = fields.Float(
        string="Inspect again after (Hours)",
        help="Goods that stay in quarantine are inspected again, this long after the"
        " last inspection was asked for. 0: once.",
    )
    term_days = fields.Integer(
        string="Term (Days)", help="Lots in stock are inspected at this age."
    )

    _dates_check = models.Constraint(
        "CHECK(date_to >= date_from)", "A rule can't end before it begins."
    )
    _repeat_hours_check = models.Constraint(
        "CHECK(repeat_hours >= 0)", "The hours to inspect again can't be negative."
    )
    _term_days_check = models.Constraint(
        "CHECK(term_days >= 0)", "The term in days can't be negative."
    )

    @api.depends("event")
    def _compute_blockable(self):
        for rule in self:
            # with commas around: the form looks for ",bill,"
            rule.blockable = f",{','.join(BLOCKABLE.get(rule.event, ()))},"

    @api.onchange("event")
    def _onchange_event(self):
        for step in STEPS:
            if step not in BLOCKABLE.get(self.event, ()):
                self[f"block_{step}"] = False
        if self.event != "quarantine":
            self.repeat_hours = 0
        if self.event != "lot_term":
            self.term_days = 0
        if self.event != "workorder_done":
            self.operation_ids = False

    def _get_event_label(self):
        self.ensure_one()
        labels = dict(self._fields["event"]._description_selection(self.env))
        return labels.get(self.event, "")

    @api.constrains("event", *(f"block_{step}" for step in STEPS))
    def _check_blocks(self):
        for rule in self:
            wrong = [s for s in rule._get_steps() if s not in BLOCKABLE[rule.event]]
            if not wrong:
                continue
            raise ValidationError(
                self.env._(
                    "%(rule)s: what comes before or beside “%(event)s” can't wait for"
                    " it: %(wrong)s. Possible are: %(possible)s.",
                    rule=rule.name,
                    event=rule._get_event_label(),
                    wrong=rule._get_step_names(wrong),
                    possible=rule._get_step_names(BLOCKABLE[rule.event])
                    or self.env._("none"),
                )
            )

    @api.constrains(
        "event",
        "repeat_hours",
        "term_days",
        "operation_ids",
        "sampling_plan_id",
        "sampling_ladder_id",
    )
    def _check_event_settings(self):
        for rule in self:
            problem = rule._get_event_problem()
            if problem:
                raise ValidationError(
                    self.env._("%(rule)s: %(problem)s", rule=rule.name, problem=problem)
                )

    def _get_event_problem(self):
        """Return which setting does not go with the event, if any."""
        if self.repeat_hours and self.event != "quarantine":
            return self.env._("only goods in quarantine are inspected again.")
        if self.term_days and self.event != "lot_term":
            return self.env._("a term is for lots only.")
        if self.event == "lot_term" and not self.term_days:
            return self.env._("give the term in days.")
        if self.operation_ids and self.event != "workorder_done":
            return self.env._("operations are for finished work orders only.")
        if self.event not in ARRIVING and (
            self.sampling_plan_id or self.sampling_ladder_id
        ):
            return self.env._("samples are drawn of goods that have arrived only.")
        return False

    # -- Matching ---------------------------------------------------------------------

    def _matches(self, arrival):
        return (
            super()._matches(arrival)
            and self._matches_dates(arrival)
            and self._matches_operation(arrival)
        )

    def _matches_dates(self, arrival=None):
        if not self.date_from and not self.date_to:
            return True
        today = fields.Date.context_today(self)
        return (not self.date_from or self.date_from <= today) and (
            not self.date_to or today <= self.date_to
        )

    def _matches_operation(self, arrival):
        if self.operation_ids and arrival.operation not in self.operation_ids:
            return False
        if not self.picking_type_ids:
            return True
        if isinstance(arrival, Step):
            return arrival.picking_type in self.picking_type_ids
        moves = self.env["stock.move"].union(
            *(m.line.move_id for m in arrival.movements)
        )
        return bool(moves.sudo().picking_type_id & self.picking_type_ids)

    def _get_specificity(self):
        *before, sequence, own_id = super()._get_specificity()
        kinds = bool(self.operation_ids), bool(self.picking_type_ids)
        return (*before, *kinds, sequence, own_id)

    # -- Orders -----------------------------------------------------------------------

    def _prepare_order_values(self, arrival):
        values = {**super()._prepare_order_values(arrival), **self._prepare_blocks()}
        if self.repeat_hours:
            values["date_repeat"] = self._get_next_date()
        return values

    def _get_next_date(self):
        """Return when goods in quarantine are inspected again, False if never."""
        self.ensure_one()
        if not self.repeat_hours:
            return False
        return fields.Datetime.add(fields.Datetime.now(), hours=self.repeat_hours)

    def _prepare_blocks(self):
        """Return the values that say which steps wait for an order of this rule."""
        self.ensure_one()
        return {name: self[name] for name in self._get_block_fields()}

    def _prepare_step_values(self, step):
        """Return the values of the order that this rule makes for ``step``."""
        values = {
            "event": step.event,
            "association_id": self.id,
            "product_id": step.product.id,
            "lot_ids": [(6, 0, step.lots.ids)],
            "quantity": step.quantity,
            "uom_id": step.product.uom_id.id,
            "test_group_ids": [(6, 0, self.test_group_id.ids)],
            "partner_id": step.partner.id,
            "user_id": self.user_id.id,
            "date_due": self._get_date_due(),
            "company_id": step.company.id,
            # what moves on anyway is not held: only the steps wait
            "hold_goods": False,
            **self._prepare_blocks(),
            **step.values,
        }
        if step.company.qms_close_needs_signoff and step.event in PRODUCING:
            values["block_close"] = True
        return values
