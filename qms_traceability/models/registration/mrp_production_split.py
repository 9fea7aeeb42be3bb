from odoo import models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.number_text import format_quantity


class MrpProduction(models.Model):
    """When an order is split, each part keeps what is registered of it."""

    _inherit = "mrp.production"

    def _split_productions(
        self, amounts=False, cancel_remaining_qty=False, set_consumed_qty=False
    ):
        self.check_access("write")
        self.check_access("create")
        # what is reserved goes to another part as it is; sudo: copying an order reads
        # its journal entries, which users of Manufacturing can't beside accounting
        splitting = self.with_context(qms_splitting=True)
        if self.qms_tracked_product_ids:
            splitting = splitting.sudo()
        orders = (
            super(MrpProduction, splitting)
            ._split_productions(
                amounts=amounts,
                cancel_remaining_qty=cancel_remaining_qty,
                set_consumed_qty=set_consumed_qty,
            )
            .with_env(self.env)
        )
        for order in self.filtered("qms_tracked_product_ids"):
            parts = orders.filtered(
                lambda one, order=order: (
                    one.production_group_id == order.production_group_id
                )
            )
            order._qms_share_rows(parts - self)
        return orders

    def _qms_share_rows(self, backorders):
        """Give what this part doesn't make to the others."""
        made = self._qms_get_rows_made()
        for row in self._qms_get_open_rows() - made:
            if not made and self.product_uom_id.compare(self._qms_get_room(), 0) >= 0:
                return
            target = backorders.filtered(
                lambda one, row=row: (
                    one.product_uom_id.compare(one._qms_get_room(), row.quantity) >= 0
                )
            )[:1]
            if not target:
                raise UserError(
                    self.env._(
                        "%(lot)s is registered on %(order)s for %(quantity)s, which"
                        " fits no part of it. First remove it in View Associations.",
                        lot=row.lot_id.name,
                        order=self.name,
                        quantity=f"{format_quantity(self.env, row.quantity)}"
                        f" {row.uom_id.name}",
                    )
                )
            row._move_to(target)
        backorders._qms_drive_picked()

    def _qms_drive_picked(self):
        """Mark in each part what was picked before."""
        rows = self._qms_get_open_rows()
        rows.component_ids.filtered(
            lambda one: one.is_picked and one.state == "open"
        )._pick()

    def _pre_action_split_merge_hook(self, merge=False, split=False):
        rows = self._qms_get_open_rows() if merge else self.qms_tracked_product_ids[:0]
        if rows:
            raise UserError(
                self.env._(
                    "%s can't be merged: components are registered for them.",
                    ", ".join(rows.production_id.mapped("name")),
                )
            )
        return super()._pre_action_split_merge_hook(merge=merge, split=split)
