from odoo import api, fields, models

from ...sentinel import is_trusted


class QmsQualityOrder(models.Model):
    """How an order starts that a person makes."""

    _inherit = "qms.quality.order"

    is_pre_ship = fields.Boolean(
        string="Tested before Shipment",
        copy=False,
        help="The goods can be reserved meanwhile, and leave when they have passed.",
    )

    @api.model
    def _get_goods_fields(self):
        return super()._get_goods_fields() | {"is_pre_ship"}

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if not is_trusted(self.env):
            orders._start_released()
        return orders

    def _start_released(self):
        """Start orders by hand at once, where their quality plan says so."""
        released = self.filtered(
            lambda order: (
                order.plan_copy_id.manual_state == "released" and order.state == "draft"
            )
        )
        if released:
            released._start()

    def _prepare_manual_vals_list(self, vals_list):
        vals_list = super()._prepare_manual_vals_list(vals_list)
        # sudo: the plan holds for those who may not read it
        plans = self.env["qms.quality.plan.copy"].sudo()
        for vals in vals_list:
            plan = plans.browse(vals["plan_copy_id"] or ())
            if vals.setdefault("is_pre_ship", plan.pre_ship):
                # nothing is held: what leaves waits for the order
                vals.update(hold_goods=False, block_transfer=True)
        return vals_list
