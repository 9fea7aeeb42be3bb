from odoo import api, fields, models

from .sampling_counter import is_drawn


class QmsSamplingSkip(models.Model):
    """A lot that a skip-lot plan inspected, or let pass."""

    _name = "qms.sampling.skip"
    _description = "Skip-lot Draw"
    _inherit = ["qms.sampling.record"]
    _qms_audit_whole = "counter_id"
    _order = "id desc"

    counter_id = fields.Many2one(
        "qms.sampling.counter",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    plan_id = fields.Many2one(related="counter_id.plan_id", store=True, precompute=True)
    product_id = fields.Many2one(
        related="counter_id.product_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="counter_id.partner_id", store=True, precompute=True
    )
    company_id = fields.Many2one(
        related="counter_id.company_id", store=True, precompute=True
    )
    number = fields.Integer(
        string="Lot No.", readonly=True, help="Counted across receipts, from 1."
    )
    one_in = fields.Integer(readonly=True)
    is_inspected = fields.Boolean(string="Inspected", readonly=True)
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    picking_id = fields.Many2one(
        "stock.picking", string="Transfer", readonly=True, ondelete="cascade"
    )
    quantity = fields.Float(readonly=True, digits="Product Unit")

    @api.depends("number", "plan_id")
    def _compute_display_name(self):
        for skip in self:
            skip.display_name = self.env._(
                "%(plan)s, lot %(number)s", plan=skip.plan_id.name, number=skip.number
            )

    def action_draw_again(self):
        """Draw these lots again with the recorded seed, and tell whether all agree."""
        # sudo: the seed itself is not shown to those who may not foresee lots
        wrong = self.filtered(
            lambda skip: (
                is_drawn(skip.sudo().counter_id.seed, skip.number, skip.one_in)
                != skip.is_inspected
            )
        )
        if wrong:
            message = self.env._(
                "Not what the seed draws: %s.", ", ".join(wrong.mapped("display_name"))
            )
        else:
            message = self.env._("%s lots drawn again: all agree.", len(self))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "danger" if wrong else "success"},
        }
