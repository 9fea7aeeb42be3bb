from odoo import fields, models


class QmsDeviation(models.Model):
    """A departure of goods from what was required. Never edited, never deleted."""

    _name = "qms.deviation"
    _description = "Deviation"
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.audit.mixin"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, copy=False, default="New")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("assessed", "Assessed"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="open",
        tracking=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    document_line_id = fields.Many2one(
        "qms.qrs.document.line", readonly=True, index=True, ondelete="restrict"
    )
    criterion_id = fields.Many2one(
        "qms.qrs.document.criterion", readonly=True, index=True, ondelete="restrict"
    )
    departure = fields.Selection(
        [
            ("blocked", "Blocked"),
            ("approval", "Needs approval"),
            ("recorded", "Allowed and recorded"),
        ],
        readonly=True,
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True, index=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    partner_id = fields.Many2one("res.partner", readonly=True, index=True)
    direction = fields.Selection(
        [("in", "Inbound"), ("out", "Outbound"), ("production", "Production")],
        required=True,
        readonly=True,
    )
    expected = fields.Char(readonly=True)
    found = fields.Char(readonly=True)
    # the posting: a move line once posted; before that the transfer or order
    move_line_id = fields.Many2one("stock.move.line", readonly=True, index=True)
    picking_id = fields.Many2one("stock.picking", readonly=True, index=True)
    production_id = fields.Many2one("mrp.production", readonly=True, index=True)
    is_intentional = fields.Boolean("Intentional", readonly=True)
    is_by_hand = fields.Boolean("Recorded by Hand", readonly=True)
    reason = fields.Char(readonly=True)
    date = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, copy=False
    )
    user_id = fields.Many2one(
        "res.users", "Recorded by", readonly=True, default=lambda self: self.env.user
    )
