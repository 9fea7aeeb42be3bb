from odoo import api, models
from odoo.exceptions import ValidationError

from .purchase_order import CONFIRMED


class PurchaseOrderLine(models.Model):
    """Nor is more ordered of him on an order that is confirmed."""

    _inherit = "purchase.order.line"

    @api.constrains("product_id", "order_id")
    def _qms_check_blocks(self):
        lines = self.filtered(lambda line: line.order_id.state in CONFIRMED)
        lines._qms_refuse_blocked()

    def write(self, vals):
        more = self.browse()
        if "product_qty" in vals:
            more = self.filtered(
                lambda line: (
                    line.order_id.state in CONFIRMED
                    and vals["product_qty"] > line.product_qty
                )
            )
        more._qms_refuse_blocked()
        return super().write(vals)

    def _qms_refuse_blocked(self):
        """Refuse lines whose supplier is blocked for their product.

        :raise ValidationError: names each of them, with the reason
        """
        refusals = self.env["qms.supplier.block"]._get_refusals(self)
        if refusals:
            raise ValidationError(
                self.env._(
                    "Quality has blocked the supplier. A quality manager can lift that."
                )
                + "".join(f"\n- {refusal}" for refusal in refusals)
            )
