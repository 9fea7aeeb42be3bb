from odoo import api, fields, models
from odoo.exceptions import UserError

from .nonconformance import DONE_STATES, INSPECTOR


class QmsQualityOrder(models.Model):
    """A failed order and its case."""

    _inherit = "qms.quality.order"

    case_ids = fields.One2many(
        "qms.nonconformance",
        "quality_order_id",
        string="Nonconformances",
        readonly=True,
        copy=False,
    )
    case_id = fields.Many2one(
        "qms.nonconformance",
        string="Nonconformance",
        compute="_compute_case_id",
        help="The case of this failed order.",
    )

    @api.depends("case_ids.state")
    def _compute_case_id(self):
        for order in self:
            order.case_id = order.case_ids.filtered(
                lambda case: case.state != "cancelled"
            )[:1]

    def _validate(self):
        res = super()._validate()
        failed = self.filtered(lambda order: order.verdict == "failed")
        if failed:
            failed._follow_failure()
        return res

    def _follow_failure(self):
        """Pass what failed to its cases; open those that are not there, where the
        company wants it so."""
        cases = self.env["qms.nonconformance"]
        known = cases._find_for_orders(self.sudo())
        cases._open_for_orders(
            self.filtered(
                # sudo: the company's settings
                lambda order: order in known or order.sudo().company_id.qms_open_cases
            )
        )

    # -- By hand -----------------------------------------------------------------------

    def action_open_case(self):
        """Open the case of this failed order; make it, if it has none.

        :return: the action that shows it
        :raise AccessError: if the user is no inspector
        :raise UserError: if the order has not failed
        """
        self.ensure_one()
        if not self.case_id:
            self._check_open_case()
            self.env["qms.nonconformance"]._open_for_orders(self)
            self.invalidate_recordset(["case_ids", "case_id"])
        return self.case_id._get_records_action(name=self.env._("Nonconformance"))

    def _check_open_case(self):
        self._check_group(INSPECTOR)
        if self.verdict != "failed":
            raise UserError(
                self.env._(
                    "%s has not failed. Report a nonconformance from its lot or its"
                    " document.",
                    self.name,
                )
            )

    def action_open_asking_case(self):
        """Open the case that asked for this order."""
        self.ensure_one()
        return self.nonconformance_id._get_records_action(
            name=self.env._("Nonconformance")
        )

    # -- What the case holds is the case's ---------------------------------------------

    @api.model
    def _pass_to_cases(self, holds):
        """Pass holds that failed orders placed since to their open cases.

        :param holds: ``qms.hold``, just placed
        """
        # sudo: whose arrival it was need not be allowed to read orders
        placed = holds.sudo().filtered(
            lambda hold: hold.res_model == self._name and not hold.root_id
        )
        orders = (
            self.sudo()
            .browse(set(placed.mapped("res_id")))
            .filtered(
                lambda order: order.state == "validated" and order.verdict == "failed"
            )
        )
        if not orders:
            return
        found = self.env["qms.nonconformance"]._find_for_orders(orders)
        cases = {o.id: c for o, c in found.items() if c.state not in DONE_STATES}
        passed = placed.filtered(lambda hold: hold.res_id in cases)
        passed._hand_over_each(
            {hold: cases[hold.res_id] for hold in passed},
            self.env["qms.nonconformance"]._get_hand_over_text(cases.values()),
        )

    def _get_held_quant(self, quant_id):
        self._refuse_held_by_case()
        return super()._get_held_quant(quant_id)

    def _refuse_held_by_case(self):
        """Refuse to decide about goods on the order that its case decides about.

        :raise UserError: names the case
        """
        held = self.sudo().case_id.filtered("open_hold_count")
        if held:
            raise UserError(
                self.env._(
                    "%(case)s holds the goods of %(order)s. Decide there what becomes"
                    " of them.",
                    case=held[0].name,
                    order=held[0].quality_order_id.name,
                )
            )
