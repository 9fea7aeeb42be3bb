from odoo import models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """Core's question about expired lots is not asked where the answer is no."""

    _inherit = "stock.picking"

    def _check_expired_lots(self):
        """Refuse at once where nothing would be left to validate.

        :raise UserError: names every lot that its date refuses
        """
        asked = super()._check_expired_lots()
        for picking in asked:
            refused, others = picking._qms_get_refused_by_date()
            if refused and not others:
                raise UserError(picking.move_line_ids._qms_get_refusal(refused))
        return asked

    def _qms_get_refused_by_date(self):
        """Return what dates refuse to be posted now, and the lines that may be."""
        lines = self.move_line_ids
        lines = lines.filtered("picked") or lines
        refused = lines._qms_get_refused_by_date(
            lines._qms_get_movements(), planned=False
        )
        return refused, lines.browse().union(lines) - lines.browse().union(
            *(movement.line for movement, _reasons in refused)
        )
