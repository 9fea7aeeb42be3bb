from odoo import fields, models


class QmsWhyLine(models.TransientModel):
    _name = "qms.why.line"
    _description = "Reason why Goods are Refused"

    why_id = fields.Many2one("qms.why", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", string="Lot/Serial Number", readonly=True)
    location_id = fields.Many2one("stock.location", string="Place", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id")
    status_id = fields.Many2one("qms.inspection.status", readonly=True)
    status_color = fields.Integer(related="status_id.color")
    policy = fields.Selection(
        [("warn", "Warns"), ("block", "Refuses")], string="Effect", readonly=True
    )
    reason = fields.Char(readonly=True)
    date = fields.Datetime(string="Since", readonly=True)
    hold_id = fields.Many2one("qms.hold", readonly=True)
    document_name = fields.Char(string="Because of", readonly=True)
    release_group = fields.Char(string="Released by", readonly=True)

    def action_open_document(self):
        """Open the document that holds the goods, or the hold itself."""
        self.ensure_one()
        hold = self.hold_id
        if hold.res_model in self.env and hold.res_id:
            return hold.action_open_document()
        return {
            "type": "ir.actions.act_window",
            "res_model": "qms.hold",
            "res_id": hold.id,
            "view_mode": "form",
        }
