from odoo import api, models


class QmsPointOfSale(models.AbstractModel):
    """Lots that dates refuse are not sold at the register, and it says why."""

    _inherit = "qms.point.of.sale"

    @api.model
    def _get_refusal_text(self, lots, rows):
        if any(lot.product_id.use_expiration_date for lot in lots):
            return self.env._(
                "These goods can't be sold:\n%(rows)s\nTake other goods.",
                rows="\n".join(rows),
            )
        return super()._get_refusal_text(lots, rows)
