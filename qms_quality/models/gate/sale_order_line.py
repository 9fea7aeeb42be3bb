from odoo import api, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.depends("order_id.partner_shipping_id")
    def _compute_qty_at_date(self):
        """Count goods that are limited to some customers as free for just these."""
        groups = self.env["qms.hold"]._group_by_customer(
            self, lambda line: line.order_id.partner_shipping_id
        )
        for partner, lines in groups.items():
            lines = lines.with_context(qms_gate_partner=partner.id)
            super(SaleOrderLine, lines)._compute_qty_at_date()
        return None
