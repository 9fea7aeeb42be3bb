from odoo import models


class QmsDisposition(models.Model):
    """What rework cost: the time at work centers, and what was used besides."""

    _inherit = "qms.disposition"

    def _prepare_rework_costs(self):
        return [*self._prepare_time_costs(), self._prepare_part_cost()]

    def _prepare_time_costs(self):
        """Return a cost for each work order, at its work center's cost per hour."""
        return [
            self._prepare_time_cost(workorder)
            for workorder in self.production_ids.workorder_ids
        ]

    def _prepare_time_cost(self, workorder):
        hours, amount = workorder.duration / 60, workorder._cal_cost()
        return {
            "kind": "rework",
            "name": workorder.display_name,
            "workcenter_id": workorder.workcenter_id.id,
            "quantity": hours,
            "unit_cost": amount / hours if hours else 0,
            "amount": amount,
        }

    def _prepare_part_cost(self):
        """Return the cost of what was used up, less what unbuilding brought back."""
        moves = self._get_rework_moves().filtered(
            lambda move: move.product_id != self.product_id
        )
        amount = max(self._get_lost_value(moves), 0)
        return {
            "kind": "material",
            "name": self.env._("Used for the rework"),
            "quantity": 1,
            "unit_cost": amount,
            "amount": amount,
        }

    def _get_rework_moves(self):
        """Return the moves of components and parts, used up or brought back."""
        repair = self._get_repair()
        moves = self.production_ids.move_raw_ids | self.unbuild_ids.produce_line_ids
        return moves | repair.move_ids if repair else moves
