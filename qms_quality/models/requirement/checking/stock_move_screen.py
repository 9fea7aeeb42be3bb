from odoo import api, fields, models


class StockMove(models.Model):
    """What is required of a move's goods, where people choose them."""

    _inherit = "stock.move"

    qms_has_requirements = fields.Boolean(compute="_compute_qms_steering_text")
    qms_is_ignored = fields.Boolean(
        string="Requirements Ignored", compute="_compute_qms_steering_text"
    )
    qms_steering_text = fields.Text(
        string="Required",
        compute="_compute_qms_steering_text",
        help="What the goods of this move must meet.",
    )

    @api.depends("state", "product_id")
    def _compute_qms_steering_text(self):
        steering = self._origin._qms_get_steering()
        for move in self:
            copies = steering.get(move._origin, ())
            move.qms_has_requirements = bool(copies)
            move.qms_is_ignored = any(copy.is_ignored for copy in copies)
            move.qms_steering_text = "\n".join(
                copy._qms_get_steering_text() for copy in copies
            )
