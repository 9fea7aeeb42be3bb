from odoo import models


class MrpProduction(models.Model):
    """An order whose components are there, but not as they must be, says so."""

    _inherit = "mrp.production"

    def _set_qty_producing(self, pick_manual_consumption_moves=True):
        # core reserves for each component
        moves = (self.move_raw_ids | self.move_finished_ids)._qms_with_steering()
        orders = self.with_env(moves.env)
        return super(MrpProduction, orders)._set_qty_producing(
            pick_manual_consumption_moves
        )

    def _qms_get_components_refusal(self, shortages):
        if not any(shortage.others for shortage in shortages):
            return super()._qms_get_components_refusal(shortages)
        moves = self.env["stock.move"].union(*(one.move for one in shortages))
        return self.env._(
            "%(orders)s can't be started, worked on or closed: what is there of these"
            " components can't be used for it.\n%(rows)s\n"
            "Get other goods, reduce or split the order, ask for the release of what is"
            " held, or have the requirements ignored.",
            orders=", ".join(moves.raw_material_production_id.mapped("name")),
            rows=moves._qms_get_shortage_rows(shortages),
        )
