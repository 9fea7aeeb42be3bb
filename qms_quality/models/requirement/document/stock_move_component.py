from odoo import api, models

from ..card.qrs_line_find import Demand


class StockMove(models.Model):
    """A component of a manufacturing order must meet something.

    So must what somebody adds to a transfer, see ``stock_move_added``.
    """

    _name = "stock.move"
    _inherit = ["stock.move", "qms.required.mixin"]

    @api.model
    def _qms_get_demand_fields(self):
        return {
            "product_id",
            "location_id",
            "raw_material_production_id",
            "picking_id",
        }

    def _qms_derive_requirements(self):
        if not self._qms_may_be_required():
            return None
        # sudo: who moves goods need not be allowed to read what orders they are for
        moves = self.sudo().filtered(
            lambda move: move.raw_material_production_id or move._qms_get_added_to()
        )
        return super(StockMove, moves)._qms_derive_requirements()

    def _qms_get_demand(self):
        production = self.raw_material_production_id
        if self.product_id.type != "consu":
            return None
        if not production:
            return self._qms_get_added_demand()
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
        return self.raw_material_production_id or self._qms_get_added_to()

    def _qms_get_moved(self):
        return self.filtered(lambda move: move.state == "done")

    def _qms_is_required_open(self):
        return self.state != "cancel"
