from odoo import fields, models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    qms_quality_order_count = fields.Integer(compute="_compute_qms_quality_order_count")

    def _compute_qms_quality_order_count(self):
        counts = dict(
            self.env["qms.quality.order"]._read_group(
                [("production_id", "in", self.ids)], ["production_id"], ["__count"]
            )
        )
        for production in self:
            production.qms_quality_order_count = counts.get(production._origin, 0)

    def _prepare_stock_lot_values(self):
        vals = super()._prepare_stock_lot_values()
        if self.product_tracking == "serial":
            vals["qms_batch"] = self.name
        return vals

    def action_open_quality_orders(self):
        """Open the quality orders of what these manufacturing orders made."""
        return self.env["qms.quality.order"]._get_action(
            [("production_id", "in", self.ids)], {"default_production_id": self[:1].id}
        )

    def action_new_quality_order(self):
        """Open a new quality order for what this manufacturing order makes."""
        self.ensure_one()
        return self.env["qms.quality.order"]._get_new_action(
            {
                "default_production_id": self.id,
                "default_product_id": self.product_id.id,
                "default_lot_ids": self.lot_producing_ids.ids,
                "default_quantity": self.product_uom_qty,
                "default_location_id": self.location_dest_id.id,
                "default_company_id": self.company_id.id,
            }
        )
