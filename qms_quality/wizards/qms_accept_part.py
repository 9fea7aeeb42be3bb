from odoo import api, fields, models


class QmsAcceptPart(models.TransientModel):
    """Asks which part of a lot is accepted, and why."""

    _name = "qms.accept.part"
    _description = "Accept a Part of a Lot"

    order_id = fields.Many2one(
        "qms.quality.order", required=True, readonly=True, ondelete="cascade"
    )
    held_quant_ids = fields.Many2many(
        "stock.quant", compute="_compute_held_quant_ids", string="Held Goods"
    )
    quant_id = fields.Many2one(
        "stock.quant",
        string="Goods",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', held_quant_ids)]",
    )
    quant_quantity = fields.Float(
        related="quant_id.quantity", string="On Hand", digits="Product Unit"
    )
    uom_id = fields.Many2one(related="order_id.product_id.uom_id")
    quantity = fields.Float(
        string="Accepted Quantity", required=True, digits="Product Unit"
    )
    name = fields.Char(
        string="New Lot Number", help="Empty: the next free number after this lot's."
    )
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields):
        res = super().default_get(fields)
        order = self.env["qms.quality.order"].browse(
            res.get("order_id") or self.env.context.get("active_id") or ()
        )
        res.update(order_id=order.id, quant_id=order._get_held_quants()[:1].id)
        return res

    @api.depends("order_id")
    def _compute_held_quant_ids(self):
        for wizard in self:
            quants = wizard.order_id._get_held_quants().filtered("lot_id")
            wizard.held_quant_ids = quants.sudo(self.env.su)

    def action_confirm(self):
        """Accept the part.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if the lot can't be split so
        """
        self.ensure_one()
        return self.order_id.action_accept_part(
            self.quant_id.id, self.quantity, self.reason, self.name
        ) or {"type": "ir.actions.act_window_close"}
