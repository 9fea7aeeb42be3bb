from odoo import models
from odoo.exceptions import UserError

from ...number_text import format_quantity
from ...sentinel import trusted


class MrpUnbuild(models.Model):
    """Unbuild orders that carry out a disposition."""

    _name = "mrp.unbuild"
    _inherit = ["mrp.unbuild", "qms.carrying.mixin"]

    def action_unbuild(self):
        """Take apart what was decided, and have it built again.

        :raise UserError: if the order is about other goods than its disposition
        """
        # sudo: whoever takes apart need not be allowed to read the decision
        row = self.sudo().qms_disposition_id
        if not row:
            return super().action_unbuild()
        self._qms_check_decided(row)
        res = super().action_unbuild()
        parts = self.sudo().produce_line_ids - row.move_ids
        row._hold_recovered(parts.move_line_ids)
        row._rebuild(self.sudo())
        return res

    def _qms_check_decided(self, row):
        unit = self.product_id.uom_id
        quantity = self.product_uom_id._compute_quantity(self.product_qty, unit)
        decided = (row.product_id, row.lot_id, row.location_id)
        if (
            row.state != "in_progress"
            or decided != (self.product_id, self.lot_id, self.location_id)
            or unit.compare(quantity, row.quantity) != 0
        ):
            raise UserError(
                self.env._(
                    "%(order)s takes apart what %(row)s decided, and nothing else:"
                    " %(quantity)s %(unit)s in %(place)s.",
                    order=self.name,
                    row=row.display_name,
                    quantity=format_quantity(self.env, row.quantity),
                    unit=row.uom_id.name,
                    place=row.location_id.display_name,
                )
            )

    def _generate_consume_moves(self):
        moves = super()._generate_consume_moves()
        for order in self.filtered("qms_disposition_id"):
            taken = moves.filtered(
                lambda move, order=order: (
                    move.unbuild_id == order and move.product_id == order.product_id
                )
            )
            trusted(taken).qms_disposition_id = order.qms_disposition_id
            # sudo: see action_unbuild. Now: core's line is refused without a permit.
            row = order.sudo().qms_disposition_id
            row._permit(row._foresee_line(taken))
        return moves

    def _prepare_finished_move_line_vals(self, finished_move):
        values = super()._prepare_finished_move_line_vals(finished_move)
        row = self.sudo().qms_disposition_id
        if not row:
            return values
        return {
            **values,
            "package_id": row.package_id.id,
            "owner_id": row.owner_id.id,
        }

    def unlink(self):
        # sudo: see action_unbuild
        rows = self.sudo().qms_disposition_id
        res = super().unlink()
        rows._follow_documents()
        return res
