from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    """Lines of blanket orders, and of the orders that call them off."""

    _inherit = "sale.order.line"

    qms_called_qty = fields.Float(
        "Called Off",
        digits="Product Unit",
        compute="_compute_qms_called_qty",
        help="Of a blanket order: how much confirmed orders have taken.",
    )

    @api.depends("order_id.qms_is_blanket", "product_id", "product_uom_qty")
    def _compute_qms_called_qty(self):
        self.qms_called_qty = 0.0
        for order in self.order_id.filtered("qms_is_blanket"):
            # sudo: other salespeople's orders count, too
            called = order.sudo()._get_confirmed_call_offs()._sum_by_product()
            lines = order.order_line.filtered("product_id")
            for line in lines:
                is_last = (
                    line
                    == lines.filtered(
                        lambda other, line=line: other.product_id == line.product_id
                    )[-1:]
                )
                taken = line._take_called(called[line.product_id], is_last)
                called[line.product_id] -= taken
                line.qms_called_qty = line.product_id.uom_id._compute_quantity(
                    taken, line.product_uom_id
                )

    def _take_called(self, called, is_last):
        """Return how much of what was called off of a product this line bears."""
        own = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id
        )
        return called if is_last else min(called, own)

    def _qms_get_requirement_sources(self):
        blankets = self.order_id.qms_blanket_id
        if not blankets:
            return {}
        return self._qms_match_sources(blankets.order_line, "qms_blanket_id")

    # -- A blanket order ships and invoices nothing ------------------------------------

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        lines = self.filtered(lambda line: not line.order_id.qms_is_blanket)
        return super(SaleOrderLine, lines)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )

    @api.depends("order_id.qms_is_blanket")
    def _compute_qty_to_invoice(self):
        res = super()._compute_qty_to_invoice()
        self.filtered(lambda line: line.order_id.qms_is_blanket).qty_to_invoice = 0
        return res

    # -- Confirmed orders don't take more either ---------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_blanket_quantity()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if {"product_uom_qty", "product_uom_id", "product_id"} & vals.keys():
            self._check_blanket_quantity()
        return res

    def _check_blanket_quantity(self):
        """Refuse confirmed orders that take more than their blanket order has left.

        :raise UserError: lists every product
        """
        orders = self.order_id.filtered(
            lambda order: order.qms_blanket_id and order.state == "sale"
        )
        orders.qms_blanket_id._lock_blanket()
        problems = [text for order in orders for text in order._get_excess()]
        if problems:
            raise UserError("\n".join(problems))
