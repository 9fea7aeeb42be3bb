from odoo import api, fields, models
from odoo.fields import Command


class QmsCheckRequestLine(models.TransientModel):
    """Goods that a check is asked for: a lot, serial numbers, or a product."""

    _name = "qms.check.request.line"
    _description = "Goods to Check"
    _check_company_auto = True

    request_id = fields.Many2one("qms.check.request", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="request_id.company_id")
    product_id = fields.Many2one("product.product", required=True, check_company=True)
    product_tracking = fields.Selection(related="product_id.tracking")
    lot_ids = fields.Many2many(
        "stock.lot",
        "qms_check_request_line_lot_rel",
        "line_id",
        "lot_id",
        string="Lots/Serial Numbers",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        check_company=True,
        domain=[("usage", "in", ("internal", "transit"))],
    )

    @api.onchange("product_id")
    def _onchange_product_id(self):
        self.lot_ids = self.lot_ids.filtered(
            lambda lot: lot.product_id == self.product_id
        )

    def _prepare_goods_values(self):
        """Return the values of the order that say what it is about.

        :raise UserError: if the goods can't be held as asked
        """
        self.ensure_one()
        values = {
            "product_id": self.product_id.id,
            "lot_ids": [Command.set(self.lot_ids.ids)],
            "quantity": self.quantity,
            "uom_id": self.product_id.uom_id.id,
            "location_id": self.location_id.id,
        }
        hold = self.request_id._prepare_order_values()["hold_goods"]
        if hold and not self.lot_ids and not self._has_place():
            self.env["qms.quality.order"]._refuse_unheld(self.product_id)
        return values

    def _has_place(self):
        """Tell whether goods without a lot can be held where they are."""
        return self.product_tracking == "none" and self.location_id
