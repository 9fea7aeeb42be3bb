from odoo import models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def action_qms_check(self):
        """Ask for a check of what this manufacturing order makes."""
        self.ensure_one()
        self.check_access("read")
        done = self.state == "done"
        return self.env["qms.check.request"]._open(
            [
                {
                    "product_id": self.product_id.id,
                    "lot_ids": [(6, 0, self.lot_producing_ids.ids)],
                    "quantity": self.qty_produced or self.product_uom_qty,
                    "location_id": self.location_dest_id.id if done else False,
                }
            ],
            production_id=self.id,
            company_id=self.company_id.id,
        )
