from odoo import models
from odoo.exceptions import UserError


class MrpProduction(models.Model):
    """Core's question about expired components is not asked where it's no."""

    _inherit = "mrp.production"

    def _check_expired_lots(self):
        """Refuse components that their date forbids.

        :raise UserError: names every such lot
        """
        asked = super()._check_expired_lots()
        if asked:
            lines = self.move_raw_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            ).move_line_ids
            refused = lines._qms_get_refused_now()
            if refused:
                raise UserError(lines._qms_get_refusal(refused))
        return asked
