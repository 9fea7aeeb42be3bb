from odoo import api, fields, models
from odoo.fields import Domain

from ...gate.transaction import Goods
from ...sentinel import trusted

REPAIR = "repair.order"


class QmsDisposition(models.Model):
    """Rework by a repair order, where Repairs is installed."""

    _inherit = "qms.disposition"

    repair_model = fields.Char(readonly=True, copy=False)
    repair_id = fields.Many2oneReference(
        string="Repair Order", model_field="repair_model", readonly=True, copy=False
    )

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"repair_model", "repair_id"}

    # -- What keeps them from it -------------------------------------------------------

    def _get_rework_repair_problems(self):
        """Return why no repair order can rework the goods, as texts."""
        self.ensure_one()
        if REPAIR not in self.env:
            return [self.env._("Repairs isn't installed: choose another way.")]
        problems = []
        if not self.location_id.warehouse_id.repair_type_id:
            problems.append(self.env._("there are no repairs in the goods' warehouse."))
        if self.package_id:
            problems.append(
                self.env._(
                    "take the goods out of %(package)s first.",
                    package=self.package_id.display_name,
                )
            )
        if self.owner_id:
            problems.append(
                self.env._(
                    "the goods belong to %(owner)s, who has to bring them for repair.",
                    owner=self.owner_id.display_name,
                )
            )
        return problems

    # -- Carrying it out ---------------------------------------------------------------

    def _rework_by_repair(self):
        """Return the repair order, confirmed."""
        repair = self.env[REPAIR].create(self._prepare_repair())
        if repair.lot_id != self.lot_id:
            repair.lot_id = self.lot_id
        # last: core takes it back to one with every other lot
        repair.product_qty = self.quantity
        trusted(self).write({"repair_model": REPAIR, "repair_id": repair.id})
        repair._action_repair_confirm()
        return repair

    def _prepare_repair(self):
        return {
            "product_id": self.product_id.id,
            "product_qty": self.quantity,
            "product_uom": self.product_id.uom_id.id,
            "lot_id": self.lot_id.id,
            "picking_type_id": self.location_id.warehouse_id.repair_type_id.id,
            "product_location_src_id": self.location_id.id,
            "product_location_dest_id": self._get_output_place().id,
            "internal_notes": self.reason,
            "user_id": False,
            "company_id": self.company_id.id,
        }

    def _get_repair(self):
        self.ensure_one()
        if not self.repair_id or REPAIR not in self.env:
            return None
        return self.env[REPAIR].browse(self.repair_id).exists()

    @api.model
    def _find_by_repairs(self, repairs):
        """Return the dispositions that ``repairs`` carry out, in sudo."""
        # sudo: whoever repairs need not be allowed to read the decision
        return self.sudo().search(
            Domain("repair_model", "=", REPAIR)
            & Domain("repair_id", "in", repairs.ids)
            & Domain("state", "=", "in_progress")
        )

    # -- What became of it -------------------------------------------------------------

    def _get_repair_mismatch(self):
        """Return what of the repair order is not what was decided, False if nothing."""
        repair = self._get_repair()
        quantity = repair.product_uom._compute_quantity(
            repair.product_qty, self.product_id.uom_id
        )
        place = repair.product_location_src_id
        decided = (self.product_id, self.lot_id, self.location_id)
        return (
            decided != (repair.product_id, repair.lot_id, place)
            or repair.product_location_dest_id != self._get_output_place()
            or self.uom_id.compare(quantity, self.quantity) != 0
        )

    def _after_repair(self):
        """Have tested again what was repaired; it is a lot of its own from now on."""
        for row in self:
            place = row._get_output_place()
            lot = row.lot_id
            if row.tracking == "lot" and lot:
                lot = lot._qms_split(row.quantity, place)
                trusted(row).child_lot_id = lot
            order = row._test_again(lot, row.quantity, place)
            row._end_travelled(place, order)
            parts = row._get_repair().move_ids.filtered("repair_line_type")
            row._hold_recovered(parts.move_line_ids)
        self._follow_documents()

    def _end_travelled(self, place, order):
        """End the case's hold where it came with repaired goods that have no lot."""
        if self.lot_id:
            return
        nothing = self.env["stock.lot"], place, self.env["stock.package"]
        holds = self.nonconformance_id._get_open_holds().filtered("root_id")
        [covering] = holds._match_goods([Goods(self.product_id, *nothing)])
        covering._qms_do_release(self.env._("Reworked, tested again by %s", order.name))

    def _get_carried_quantity(self):
        repair = self._get_repair()
        if repair and repair.state == "done":
            # all of it, or it would have been refused
            return self.quantity
        return super()._get_carried_quantity()

    def _has_open_documents(self):
        repair = self._get_repair()
        is_open = bool(repair) and repair.state not in ("done", "cancel")
        return is_open or super()._has_open_documents()

    def _get_documents(self):
        repair = self._get_repair()
        return [*super()._get_documents(), *([repair] if repair else [])]
