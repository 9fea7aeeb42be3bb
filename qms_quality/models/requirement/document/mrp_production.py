from collections import defaultdict, deque

from odoo import api, models

from ..card.qrs_line_find import Demand


class MrpProduction(models.Model):
    """What is made must meet something, and so must its components."""

    _name = "mrp.production"
    _inherit = ["mrp.production", "qms.required.mixin", "qms.required.order.mixin"]

    @api.model
    def _qms_get_demand_fields(self):
        return {
            "product_id",
            "location_dest_id",
            "picking_type_id",
            "date_start",
            "company_id",
        }

    def _qms_get_demand(self):
        if self.product_id.type != "consu":
            return None
        return Demand(
            "production",
            self.product_id,
            self.env["res.partner"],
            self.location_dest_id,
            self._qms_get_day(self.date_start, self.picking_type_id.warehouse_id),
            self.company_id,
            "output",
        )

    def _qms_get_required_order(self):
        return self

    def _qms_get_moved(self):
        return self.filtered(
            lambda production: production.state == "done" or production.qty_produced
        )

    @api.model
    def _qms_get_demanding_fields(self):
        return {"date_start", "picking_type_id", "company_id"}

    def _qms_get_required_lines(self):
        return self.move_raw_ids

    def _qms_get_order_requirements(self):
        return self._qms_collect_requirements(
            {order: [order, order.move_raw_ids] for order in self.sudo()}
        )

    def _split_productions(
        self, amounts=False, cancel_remaining_qty=False, set_consumed_qty=False
    ):
        """The parts of a manufacturing order keep what was agreed for the whole."""
        productions = super()._split_productions(
            amounts, cancel_remaining_qty, set_consumed_qty
        )
        for production in self:
            parts = productions & production.production_group_id.production_ids
            production._qms_hand_requirements_to(parts - self)
        return productions

    def action_merge(self):
        """What was adjusted on one of the merged orders isn't lost."""
        action = super().action_merge()
        copies = self.env["qms.qrs.document.line"]
        whole = self.browse(action["res_id"])
        copies._merge_lines(whole, self)
        for move in whole.move_raw_ids:
            former = self.move_raw_ids.filtered(
                lambda other, move=move: other.bom_line_id == move.bom_line_id
            )
            copies._merge_lines(move, former)
        return action

    def _qms_hand_requirements_to(self, parts):
        """Give parts of this order the requirements of the whole, changes included."""
        copies = self.env["qms.qrs.document.line"]
        pairs = [(self, part) for part in parts]
        for part in parts:
            pairs += self._qms_pair_components(part)
        found = copies._get_copies(self) | copies._get_copies(self.move_raw_ids)
        for whole, part in pairs:
            if copy := found.get(whole.sudo()):
                copy._hand_to(part)

    def _qms_pair_components(self, part):
        """Return ``[(component of the whole, of the part)]``."""
        waiting = defaultdict(deque)
        for move in self.move_raw_ids.sorted("id"):
            waiting[move.product_id, move.bom_line_id, move.operation_id].append(move)
        return [
            (whole.popleft(), move)
            for move in part.move_raw_ids.sorted("id")
            if (whole := waiting[move.product_id, move.bom_line_id, move.operation_id])
        ]
