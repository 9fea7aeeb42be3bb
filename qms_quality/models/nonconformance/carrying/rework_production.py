from odoo import models

from ...sentinel import trusted, untrusted


class QmsDisposition(models.Model):
    """Rework by a manufacturing order that uses the goods up."""

    _inherit = "qms.disposition"

    def _get_rework_production_problems(self):
        """Return why no manufacturing order can rework the goods, as texts."""
        self.ensure_one()
        if not self._get_manufacturing_type():
            return [self.env._("there is no manufacturing in the goods' warehouse.")]
        if not self.bom_id or len(self._get_bom_lines()) == 1:
            return self._get_mixing_problems(
                self.bom_id.byproduct_ids.product_id, self._get_output_place()
            )
        return [
            self.env._(
                "%(bom)s doesn't use %(product)s in one line: choose a bill of"
                " materials that does, or none to rework it into itself.",
                bom=self.bom_id.display_name,
                product=self.product_id.display_name,
            )
        ]

    def _get_bom_lines(self):
        product = self._get_output_product()
        return self.bom_id.bom_line_ids.filtered(
            lambda line: (
                line.product_id == self.product_id and not line._skip_bom_line(product)
            )
        )

    def _rework_by_production(self):
        """Return the manufacturing order that uses the goods up, reserved."""
        production = self._make_production(self._prepare_production())
        move = self._make_raw_move(production)
        self._reserve(move, self.quantity)
        self._permit(move.move_line_ids)
        self._confirm_production(production)
        return production

    def _make_production(self, values):
        productions = trusted(self.env["mrp.production"])
        production = untrusted(productions.create(values)).with_env(self.env)
        if lot := self._get_unused_child() or self._make_output_lot():
            production.lot_producing_ids = lot
            trusted(self).child_lot_id = lot - self.lot_id
        return production

    def _confirm_production(self, production):
        production.action_confirm()
        production.move_raw_ids._action_assign()

    def _prepare_production(self):
        product = self._get_output_product()
        return {
            "product_id": product.id,
            "bom_id": self.bom_id.id,
            "product_qty": self._get_production_quantity(),
            "product_uom_id": (self.bom_id.product_uom_id or product.uom_id).id,
            "picking_type_id": self._get_manufacturing_type().id,
            "location_dest_id": self._get_output_place().id,
            "origin": self.nonconformance_id.name,
            "user_id": False,
            "company_id": self.company_id.id,
            "qms_disposition_id": self.id,
        }

    def _get_production_quantity(self):
        """Return how much the goods suffice for, in the bill of materials' unit."""
        if self.rework_way != "production" or not self.bom_id:
            return self.quantity
        line = self._get_bom_lines()
        unit = self.product_id.uom_id
        needed = line.product_uom_id._compute_quantity(
            line.product_qty, unit, round=False
        )
        return self.bom_id.product_qty * self.quantity / needed

    def _make_raw_move(self, production):
        """Return the move that takes the goods, and just them, from where they are."""
        raw = production.move_raw_ids.filtered(
            lambda move: move.product_id == self.product_id
        )
        unit = self.product_id.uom_id
        if not raw:
            values = production._get_move_raw_values(
                self.product_id, self.quantity, unit
            )
            raw = raw.create(values)
        trusted(raw).write(
            {
                "product_uom": unit.id,
                "product_uom_qty": self.quantity,
                "location_id": self.location_id.id,
                "qms_disposition_id": self.id,
            }
        )
        return raw
