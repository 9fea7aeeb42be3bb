from odoo import models
from odoo.fields import Domain

from ..gate.transaction import INSIDE
from .step import Step

READY = ("assigned", "partially_available")
# Goods that failed may always go this way.
WAYS_OUT = {"quarantine", "vendor_return", "scrap", "adjustment"}


class StockMove(models.Model):
    """Moves raise events when they are ready, and wait for quality orders."""

    _inherit = "stock.move"

    def write(self, vals):
        res = super().write(vals)
        state = vals.get("state")
        if state in READY:
            self._qms_make_step_orders()
        elif state == "cancel":
            self._qms_find_ending()._end_with_document()
        if vals.get("picking_id"):
            # a move that is split off goes to its transfer after it was ready
            self._qms_find_prepared()._follow_picking()
        if "product_uom_qty" in vals:
            self._qms_find_prepared()._follow_quantity(
                lambda order: order.move_id.product_qty
            )
        return res

    def _qms_find_prepared(self):
        orders = self.env["qms.quality.order"]
        return orders._find_prepared(Domain("move_id", "in", self.ids))

    def _qms_find_ending(self):
        """Return the quality orders that end with these moves. Extension point."""
        return self._qms_find_prepared()

    # -- Ready ------------------------------------------------------------------------

    def _qms_make_step_orders(self):
        """Make the quality orders that rules ask for when these moves are ready.

        :return: the new orders
        """
        orders = self.env["qms.quality.order"]
        used = self.env["qms.quality.association"]._get_used_events()
        if not used:
            return orders
        raised = {move: move._qms_get_step_event() for move in self}
        return orders._create_for_steps(
            [
                step
                for move, event in raised.items()
                if event in used
                for step in move._qms_prepare_steps(event)
            ]
        )

    def _qms_get_step_event(self):
        """Return the event that this move raises when it is ready, False if none."""
        self.ensure_one()
        if not self.picking_id or self.is_inventory or self.scrap_id:
            return False
        if "is_subcontract" in self._fields and self.is_subcontract:
            return "subcontract"
        source, dest = self.location_id.usage, self.location_dest_id.usage
        if dest == "customer" and source in INSIDE:
            return "delivery_ready"
        if dest not in INSIDE:
            return False
        if source == "supplier":
            return "receipt_ready"
        return "transfer_ready" if source in INSIDE else False

    def _qms_prepare_steps(self, event):
        """Return the steps that are inspected: one for each lot, or for all serials."""
        self.ensure_one()
        lots = self.move_line_ids.lot_id
        if not lots or self.product_id.tracking == "serial":
            return [self._qms_prepare_step(event, lots, self.product_qty)]
        by_lot = self.move_line_ids.filtered("lot_id").grouped("lot_id")
        return [
            self._qms_prepare_step(
                event, lot, sum(lines.mapped("quantity_product_uom"))
            )
            for lot, lines in by_lot.items()
        ]

    def _qms_prepare_step(self, event, lots, quantity):
        dest = self.location_dest_id
        return Step(
            event=event,
            product=self.product_id,
            quantity=quantity,
            partner=self._qms_get_partner(),
            places=dest if dest.usage in INSIDE else self.location_id,
            company=self.company_id,
            picking_type=self.picking_type_id,
            operation=self.env["mrp.routing.workcenter"],
            lots=lots,
            key=("move_id", self.id),
            values={"move_id": self.id, "picking_id": self.picking_id.id},
        )

    # -- Waiting ----------------------------------------------------------------------

    def _qms_post(self):
        self._qms_make_step_orders()
        if blocking := self._qms_get_blocking():
            names = {
                *self.picking_id.mapped("name"),
                *self.production_id.mapped("name"),
            }
            blocking._refuse_step(
                ", ".join(sorted(names or self.mapped("display_name")))
            )
        return super()._qms_post()

    def _qms_get_blocking(self):
        """Return the quality orders that posting these moves has to wait for, in sudo.

        One query, or none where nothing waits.
        """
        orders = self.env["qms.quality.order"]
        if not self.env["qms.quality.association"]._has_blocking():
            return orders.sudo()
        found = orders._find_blocking(*self._qms_get_blocking_domains())
        return found.filtered(
            lambda order: any(move._qms_waits_for(order) for move in self)
        )

    def _qms_get_blocking_domains(self):
        inside = self.filtered(lambda move: move._qms_is_next())
        # an order that names no product is about its whole document
        taken_on = inside and [False, *inside.product_id.ids]
        return [
            Domain("block_transfer", "=", True)
            & (
                Domain("move_id", "in", self.ids)
                | (
                    Domain("move_id", "=", False)
                    & Domain("picking_id", "in", self.picking_id.ids)
                )
            ),
            Domain("block_next", "=", True)
            & Domain("product_id", "in", taken_on or []),
            *self.production_id._qms_get_close_domains(),
        ]

    def _qms_is_next(self):
        """Tell whether this move takes goods on, inside: not out, nor to a zone."""
        self.ensure_one()
        return (
            self.location_id.usage in INSIDE
            and self.location_dest_id.usage in INSIDE
            and not set(self._qms_get_types()) <= WAYS_OUT
        )

    def _qms_waits_for(self, order):
        """Tell whether posting this move has to wait for ``order``."""
        self.ensure_one()
        if self.production_id and order.block_close:
            return order in self.production_id._qms_filter_closing(order)
        if not order._covers_goods(self.product_id, self.move_line_ids.lot_id):
            return False
        if order.block_transfer and self in order.move_id:
            return True
        if order.block_transfer and not order.move_id and order.picking_id:
            return self.picking_id == order.picking_id
        return order.block_next and self._qms_is_next() and self._qms_follows(order)

    def _qms_follows(self, order):
        """Tell whether this move takes on the goods of ``order``."""
        if order.move_id:
            if order.move_id == self:
                return False
            if order.move_id in self.move_orig_ids:
                return True
        elif order.picking_id & self.move_orig_ids.picking_id:
            return True
        place = order.location_id
        if not place or not self.picking_id and not self.is_inventory:
            return False
        if place.qms_zone_id:
            zone = place.qms_zone_id
            return zone in self.move_line_ids.location_id.qms_zone_id
        return any(
            line.location_id._child_of(place)
            and not line.location_dest_id._child_of(place)
            for line in self.move_line_ids
        )
