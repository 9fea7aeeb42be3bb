from odoo import fields, models

from odoo.addons.qms_quality.models.gate.transaction import Goods


class StockMove(models.Model):
    """A component of an order, as it is registered."""

    _inherit = "stock.move"

    qms_substitute_of_id = fields.Many2one(
        "stock.move",
        string="In place of",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        help="The component that this substitute was registered for.",
    )

    def action_qms_track(self):
        """Open the page of tracked components of the order that these are part of."""
        orders = self.raw_material_production_id | self.production_id
        return orders.action_qms_track()

    # -- Driving the consumption -------------------------------------------------------

    def _qms_take_registered(self, registrations, room):
        """Let the lines of one component be what is registered.

        :param registrations: open ``qms.tracked.component`` of one product
        :param float room: how much more is consumed of what isn't registered anywhere,
            in the product's unit
        """
        self.ensure_one()
        lines = self.move_line_ids
        taken = self._qms_get_taken(lines)
        lines.filtered(lambda line: line.lot_id in taken).unlink()
        self._qms_trim_lines(room)
        values = self._qms_prepare_registered_lines(registrations)
        self.env["stock.move.line"].create(values)
        self.picked = bool(self.move_line_ids)

    def _qms_get_due(self):
        """Return what is consumed for what is made now, in the product's unit."""
        return self.product_uom._compute_quantity(
            self.should_consume_qty, self.product_id.uom_id
        )

    def _qms_get_taken(self, lines):
        """Return the serial numbers of lines that are registered, here or elsewhere."""
        # sudo: what is registered in another company isn't free either
        ones = self.env["qms.tracked.component"].sudo()
        return ones.search(
            [
                ("lot_id", "in", lines.lot_id.ids),
                ("is_serial", "=", True),
                ("state", "=", "open"),
            ]
        ).lot_id.sudo(False)

    def _qms_pick_registered(self, registrations):
        """Mark what is registered as picked, and leave the rest reserved."""
        self.ensure_one()
        lots = registrations.lot_id
        lines = self.move_line_ids
        lines.filtered(lambda line: line.picked or line.lot_id in lots).unlink()
        self._qms_trim_lines(self.product_qty - sum(registrations.mapped("quantity")))
        values = self._qms_prepare_registered_lines(registrations)
        self.env["stock.move.line"].create(values)

    def _qms_trim_lines(self, room):
        """Give back what is reserved beyond a quantity."""
        gone = self.env["stock.move.line"]
        for line in self.move_line_ids:
            quantity = min(line.quantity_product_uom, max(room, 0))
            room -= quantity
            if self.product_id.uom_id.is_zero(quantity):
                gone |= line
            elif quantity < line.quantity_product_uom:
                line.write(
                    {"quantity": quantity, "product_uom_id": self.product_id.uom_id.id}
                )
        gone.unlink()

    def _qms_prepare_registered_lines(self, registrations):
        values = []
        quants = self._qms_get_quants(registrations.lot_id).grouped("lot_id")
        for lot, own in registrations.grouped("lot_id").items():
            quantity = sum(own.mapped("quantity"))
            places = quants.get(lot, self.env["stock.quant"])
            for quant, taken in self._qms_get_places(quantity, places):
                values.append(self._qms_prepare_registered_line(lot, quant, taken))
        return values

    def _qms_prepare_registered_line(self, lot, quant, quantity):
        return {
            **self._prepare_move_line_vals(),
            "lot_id": lot.id,
            "location_id": quant.location_id.id or self.location_id.id,
            "package_id": quant.package_id.id,
            "owner_id": quant.owner_id.id,
            "product_uom_id": self.product_id.uom_id.id,
            "quantity": quantity,
            "picked": True,
        }

    def _qms_get_places(self, quantity, quants):
        """Yield ``(quant, quantity)`` where a lot lies; an empty quant for the rest."""
        compare = self.product_id.uom_id.compare
        if len(quants) > 1:
            # what is held in one place is left there
            blocking = self._qms_get_refusals(quants)
            quants = quants.sorted(lambda quant: bool(blocking[quant]))
        for quant in quants:
            taken = min(quant.quantity, quantity)
            if compare(taken, 0) > 0:
                quantity -= taken
                yield quant, taken
        if compare(quantity, 0) > 0:
            yield self.env["stock.quant"], quantity

    def _qms_get_quants(self, lots):
        """Return where lots lie in the component's place, one's own goods first."""
        # sudo: a worker in manufacturing need not read stock
        quants = self.env["stock.quant"].sudo()
        return quants.search_fetch(
            [
                ("lot_id", "in", lots.ids),
                ("location_id", "child_of", self.location_id.id),
                ("quantity", ">", 0),
            ],
            order="id",
        ).sorted(lambda quant: bool(quant.owner_id))

    def _qms_get_refusals(self, quants):
        """Return ``{quant: [GateReason]}`` of what keeps goods from being consumed."""
        goods = [
            Goods(quant.product_id, quant.lot_id, quant.location_id, quant.package_id)
            for quant in quants
        ]
        answers = self.env["qms.hold"]._qms_gate_reasons(
            goods, ("consumption",), move=[self] * len(goods)
        )
        return {
            quant: [reason for reason in reasons if reason.policy == "block"]
            for quant, reasons in zip(quants, answers, strict=True)
        }

    def _qms_get_substitute(self, product):
        """Return the component of the order that stands for a substitute.

        :param product: ``product.product`` used in place of this component
        """
        self.ensure_one()
        if product == self.product_id:
            return self
        order = self.raw_material_production_id
        known = order.move_raw_ids.filtered(
            lambda move: (
                move.qms_substitute_of_id == self
                and move.product_id == product
                and move.state != "cancel"
            )
        )
        return known[:1] or self._qms_make_substitute(product)

    def _qms_make_substitute(self, product):
        order = self.raw_material_production_id
        values = order._get_move_raw_values(product, 0, product.uom_id)
        values |= {
            "additional": True,
            "qms_substitute_of_id": self.id,
            "operation_id": self.operation_id.id,
            "workorder_id": self.workorder_id.id,
        }
        if order.state == "done":
            # as Odoo adds a component to a closed order: its lines post at once
            return self.create({**values, "state": "done", "picked": True})
        return self.create(values)._action_confirm(merge=False)
