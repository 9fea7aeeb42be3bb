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
            lines = picking.move_line_ids.filtered("quantity")
            refused = (lines.filtered("picked") or lines)._qms_get_refused_now()
            lost = lines.browse().union(*(movement.line for movement, _why in refused))
            if refused and not lines - lost:
                raise UserError(lines._qms_get_refusal(refused))
        return asked
