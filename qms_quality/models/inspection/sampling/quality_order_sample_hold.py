from odoo import api, models

from ...sentinel import trusted, untrusted


class QmsQualityOrder(models.Model):
    """Where only the sample is held, it goes to its place; the rest flows."""

    _inherit = "qms.quality.order"

    @api.model
    def _create_for_arrivals(self, matches):
        matches = self.env["qms.sampling.plan"]._take(matches)
        orders = super()._create_for_arrivals(matches)
        # sudo: whoever receives goods need not be allowed to read orders
        for order, (arrival, _rule) in zip(orders.sudo(), matches, strict=True):
            if order._is_moved():
                order._move_sample(arrival)
        return orders

    # -- What is held ------------------------------------------------------------------

    def _get_arrival_goods(self, arrival):
        if self.is_remainder:
            return []
        if self.hold_scope == "sample":
            return self._get_sample_goods(arrival)
        return super()._get_arrival_goods(arrival)

    def _get_whole_goods(self, arrival):
        """Return all that arrived, as values of ``qms.hold``."""
        return super()._get_arrival_goods(arrival)

    def _get_sample_goods(self, arrival):
        """Return the sample alone, as values of ``qms.hold``; all of the goods, where
        the sample can't be told from the rest."""
        self.ensure_one()
        if self.sample_package_id:
            return [
                {
                    "product_id": self.product_id.id,
                    "lot_id": movement.lot.id,
                    "package_id": self.sample_package_id.id,
                }
                for movement in arrival.movements
                if movement.package_dest == self.sample_package_id
            ]
        serials = self.unit_ids.lot_id
        if serials:
            taken = [m for m in arrival.movements if m.lot in serials]
            return super()._get_arrival_goods(arrival._replace(movements=taken))
        if self._is_moved():
            # held where it arrives, by :meth:`_move_sample`
            return []
        return super()._get_arrival_goods(arrival)

    def _is_moved(self):
        """Tell whether the sample goes to a place or a package of its own."""
        self.ensure_one()
        plan = self.sampling_plan_id
        place = plan.sample_location_id
        return (
            self.hold_scope == "sample"
            and not self.sample_package_id
            and not self.is_remainder
            and bool(place or plan.sample_package)
            and place.company_id.id in (False, self.company_id.id)
        )

    def _get_goods(self):
        if self.is_remainder and not self.lot_ids:
            return []
        return super()._get_goods()

    def _validate(self):
        res = super()._validate()
        # a sample that fails speaks for the goods that it was taken of
        failed = self.filtered(
            lambda order: order.verdict == "failed" and order.hold_scope == "sample"
        )
        self.env["qms.hold"]._place(
            [
                dict(
                    order._prepare_hold_values(status, order._get_failure_text()),
                    **goods,
                )
                for order in failed
                for status in order._get_failed_statuses()
                for goods in order._get_goods()
            ]
        )
        return res

    # -- Moving the sample -------------------------------------------------------------

    def _move_sample(self, arrival):
        """Take the sample from where its goods arrived, and hold it where it goes.

        :param arrival: :class:`Arrival`
        """
        order = trusted(self.sudo())
        goods = order._get_free_goods(arrival)
        picking, scopes = None, set()
        if goods:
            package = order._make_sample_package()
            picking = order._make_sample_transfer(goods, package)
            scopes = order._get_sample_scopes(goods, package)
        if order._is_short(goods):
            # other samples took what there is: this one shares it, and is held with it
            scopes |= order._get_shared_scopes() or order._get_other_scopes(arrival)
        if not order.unit_ids.lot_id:
            order._hold_sample(scopes)
        if picking and order.sampling_plan_id.sample_done:
            order._finish_sample_transfer(picking)

    def _get_free_goods(self, arrival):
        """Return ``[(quant, quantity)]`` of the sample: what is there and free."""
        serials = self.unit_ids.lot_id
        left, goods = self.sample_quantity, []
        unit = self.product_id.uom_id
        for quant in self._get_arrival_quants(arrival):
            if serials and quant.lot_id not in serials:
                continue
            free = quant.quantity - quant.reserved_quantity
            quantity = min(left, free)
            if unit.compare(quantity, 0) > 0:
                goods.append((quant, quantity))
                left -= quantity
        return goods

    def _is_short(self, goods):
        """Tell whether ``goods`` are less than the sample."""
        taken = sum(quantity for _quant, quantity in goods)
        return self.product_id.uom_id.compare(taken, self.sample_quantity) < 0

    def _get_arrival_quants(self, arrival):
        places = {
            (m.lot.id, m.location_dest.id, m.package_dest.id) for m in arrival.movements
        }
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("location_id", "in", [place for _lot, place, _package in places]),
                ("quantity", ">", 0),
            ],
            order="id",
        )
        return quants.filtered(
            lambda q: (q.lot_id.id, q.location_id.id, q.package_id.id) in places
        )

    def _make_sample_package(self):
        package = self.env["stock.package"]
        if self.sampling_plan_id.sample_package:
            package = package.create({"company_id": self.company_id.id})
        return package

    def _get_sample_place(self, place):
        """Return where the sample of goods in ``place`` goes."""
        return self.sampling_plan_id.sample_location_id or place

    def _make_sample_transfer(self, goods, package):
        quant = goods[0][0]
        place = self._get_sample_place(quant.location_id)
        values = self._prepare_sample_transfer(quant, place)
        picking = untrusted(trusted(self.env["stock.picking"]).create(values))
        move = picking.move_ids.create(
            self._prepare_sample_move(picking, sum(taken for _quant, taken in goods))
        )
        # the holds that are in the way get their permits when the goods move
        lines = move.move_line_ids.with_context(qms_picked_by_system=True)
        lines.create(
            [
                self._prepare_sample_line(move, quant, quantity, package)
                for quant, quantity in goods
            ]
        )
        picking.action_confirm()
        return picking

    def _prepare_sample_transfer(self, quant, place):
        return {
            "picking_type_id": quant.location_id.warehouse_id.int_type_id.id,
            "location_id": quant.location_id.id,
            "location_dest_id": place.id,
            "company_id": self.company_id.id,
            "origin": self.name,
        }

    def _prepare_sample_move(self, picking, quantity):
        return {
            "picking_id": picking.id,
            "product_id": self.product_id.id,
            "product_uom": self.product_id.uom_id.id,
            "product_uom_qty": quantity,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "company_id": self.company_id.id,
            "picking_type_id": picking.picking_type_id.id,
        }

    def _prepare_sample_line(self, move, quant, quantity, package):
        return {
            "move_id": move.id,
            "picking_id": move.picking_id.id,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_id.uom_id.id,
            "quantity": quantity,
            "location_id": quant.location_id.id,
            "location_dest_id": self._get_sample_place(quant.location_id).id,
            "lot_id": quant.lot_id.id,
            "package_id": quant.package_id.id,
            "result_package_id": package.id or quant.package_id.id,
            "owner_id": quant.owner_id.id,
            "company_id": self.company_id.id,
        }

    def _get_sample_scopes(self, goods, package):
        """Return lot, place and package of what is held where the sample goes."""
        if package:
            return {(quant.lot_id.id, False, package.id) for quant, _taken in goods}
        return {
            (quant.lot_id.id, self._get_sample_place(quant.location_id).id, False)
            for quant, _taken in goods
        }

    def _get_other_scopes(self, arrival):
        return {
            (m.lot.id, self._get_sample_place(m.location_dest).id, False)
            for m in arrival.movements
        }

    def _hold_sample(self, scopes):
        """Hold the sample where it goes; the hold waits there for it."""
        self.env["qms.hold"]._place(
            [
                {
                    **self._prepare_hold_values(self._get_waiting_status()),
                    "product_id": self.product_id.id,
                    "lot_id": lot_id,
                    "location_id": place_id,
                    "package_id": package_id,
                }
                for lot_id, place_id, package_id in scopes
            ]
        )

    def _finish_sample_transfer(self, picking):
        self._permit_sample(picking.move_ids)
        picking.move_ids.picked = True
        picking._action_done()

    def _permit_sample(self, moves):
        """Let the sample pass the holds that wait for its own inspection."""
        self.env["qms.hold.permit"]._permit_lines(
            moves.move_line_ids, self.env._("Sample of %s", self.name), self
        )
