from odoo import api, models

from ..card.qrs_line_find import Demand


class StockMove(models.Model):
    """A component of a manufacturing order must meet something."""

    _name = "stock.move"
    _inherit = ["stock.move", "qms.required.mixin"]

    @api.model
    def _qms_get_demand_fields(self):
        return {"product_id", "location_id", "raw_material_production_id"}

    def _qms_derive_requirements(self):
        return super(
            StockMove, self.filtered("raw_material_production_id")
        )._qms_derive_requirements()

    def _qms_get_demand(self):
        production = self.raw_material_production_id
        if not production or self.product_id.type != "consu":
            return None
        return Demand(
            "production",
            self.product_id,
            self.env["res.partner"],
            self.location_id,
            self._qms_get_day(
                production.date_start, production.picking_type_id.warehouse_id
            ),
            self.company_id,
            "component",
        )

    def _qms_get_required_order(self):
        return self.raw_material_production_id

    def _qms_get_moved(self):
        return self.filtered(lambda move: move.state == "done")

    def _qms_is_required_open(self):
        return self.state != "cancel"
