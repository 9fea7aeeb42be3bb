from odoo import models


class StockLot(models.Model):
    _inherit = "stock.lot"

    def action_qms_check(self):
        """Ask for a check of these lots."""
        self.check_access("read")
        return self.env["qms.check.request"]._open(
            [
                {
                    "product_id": lot.product_id.id,
                    "lot_ids": [(6, 0, lot.ids)],
                    "quantity": lot.product_qty or 1.0,
                }
                for lot in self
            ],
            company_id=self.company_id[:1].id or self.env.company.id,
        )
