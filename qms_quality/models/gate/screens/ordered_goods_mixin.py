from odoo import fields, models


class QmsOrderedGoodsMixin(models.AbstractModel):
    """The status of what an order brings, makes or delivers."""

    _name = "qms.ordered.goods.mixin"
    _description = "Order of Goods That Can Be Held"

    inspection_status_id = fields.Many2one(
        "qms.inspection.status",
        string="Quality Status",
        compute="_compute_inspection_status_id",
        help="The strictest status that goods of this order are held in; empty where"
        " nothing holds them.",
    )
    qms_status_color = fields.Integer(compute="_compute_inspection_status_id")

    def _compute_inspection_status_id(self):
        for order in self:
            # sudo: whoever reads an order need not be allowed to read its transfers
            lines = order.sudo()._qms_get_ordered_lines()
            status = lines.inspection_status_id._get_strictest()
            order.inspection_status_id = status.id
            order.qms_status_color = status.color

    def _qms_get_ordered_lines(self):
        """Return the ``stock.move.line`` of the goods that the order is about.

        Override, and say with ``api.depends`` on what the status depends.
        """
        raise NotImplementedError
