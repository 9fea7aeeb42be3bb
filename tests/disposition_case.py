"""Goods that a case holds, dispositions of them and who carries them out, all drawn."""

from collections import Counter

import hypothesis.strategies as st

from odoo.addons.qms_quality.tests.common_disposition import DispositionCase

NUMBERS = st.integers(0, 99)


class DrawnDispositionCase(DispositionCase):
    """``self.draw`` draws; what was done is counted in ``self.seen``.

    Where ``self.only_returns``, goods lie in several places and go back as a whole.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.serial = cls._make_product("Pump", tracking="serial")
        cls.second = cls._make_product("Second choice", tracking="none")
        cls.zoo = cls.env["res.partner"].create({"name": "Zoo"})
        cls.places = [cls.stock, cls.shelf, cls._make_location("Cellar")]
        cls.dests = [cls.dest, cls._make_location("Line 3")]
        cls.conditional = cls.env.ref("qms_quality.status_conditional")
        cls.retest = cls._make_weight_group("Weight again")
        cls.boms = {
            product: cls._make_recipe(product)
            for product in (cls.product, cls.untracked, cls.serial)
        }
        # core reads journal entries and analytic lines of an order that it splits
        cls.foreman = cls._make_user(
            "qms_foreman",
            "mrp.group_mrp_user",
            "analytic.group_analytic_accounting",
            "account.group_account_readonly",
        )

    @classmethod
    def _make_recipe(cls, product):
        """Return a bill of materials that makes something else of a product."""
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.second.product_tmpl_id.id,
                "bom_line_ids": [
                    (0, 0, {"product_id": product.id, "product_qty": 1}),
                ],
            }
        )

    # -- Goods -------------------------------------------------------------------------

    def _make_goods(self, product):
        """Put goods in places, and hold them; return the case."""
        lots = self._make_lots(product)
        receipts, self.received = [[], [], []], Counter()
        for lot in lots or [self.env["stock.lot"]]:
            for place in self._draw_some(self.places, serial=product == self.serial):
                package = self.env["stock.package"]
                if self.draw(st.booleans()):
                    package = package.create({})
                quantity = 1 if lot and product == self.serial else self._draw_number()
                self._share_out(quantity, (lot, place, package), receipts)
        for goods in filter(None, receipts):
            self._receive(product, goods)
        case = self._make_case(product_id=product.id)
        self.env["qms.hold"]._place(
            [
                {**case._prepare_hold_values(self.on_hold), **goods}
                for goods in self._draw_scopes(product)
            ]
        )
        return case

    def _share_out(self, quantity, goods, receipts):
        """Say with which receipts goods come; of some of them, nobody knows."""
        lot, place, package = goods
        first = self.draw(st.sampled_from([quantity, quantity, (quantity + 1) // 2]))
        for share in filter(None, (first, quantity - first)):
            number = self.draw(NUMBERS) % 7
            if number < 6:
                number //= 2
                receipts[number].append((share, *goods))
                self.received[lot] += share
            else:
                product = lot.product_id or self.untracked
                self._stock_up(share, lot or None, place, product, package or None)

    def _receive(self, product, goods):
        """Receive goods: of each how many, its lot, where it goes, in which package."""
        picking = self._picking("incoming", sum(one[0] for one in goods), product)
        picking.action_confirm()
        move = picking.move_ids
        move.move_line_ids.unlink()
        line = move._prepare_move_line_vals()
        self.env["stock.move.line"].create(
            [
                {
                    **line,
                    "quantity": quantity,
                    "product_uom_id": product.uom_id.id,
                    "lot_id": lot.id,
                    "location_dest_id": place.id,
                    "result_package_id": package.id,
                }
                for quantity, lot, place, package in goods
            ]
        )
        move.picked = True
        picking._action_done()

    def _make_lots(self, product):
        if product.tracking == "none":
            return []
        count = self.draw(st.integers(1, 3))
        return [self._make_lot(f"{product.name}-{n}", product) for n in range(count)]

    def _draw_some(self, records, serial=False):
        if serial:
            return [self.draw(st.sampled_from(records))]
        least = 2 if self.only_returns else 1
        return self.draw(st.lists(st.sampled_from(records), min_size=least, max_size=3))

    def _draw_number(self):
        return self.draw(st.integers(1, 30))

    def _draw_scopes(self, product):
        """Return what is held, as values of holds: at least something."""
        quants = self._get_quants(product)
        scopes = []
        for lot, some in quants.grouped("lot_id").items():
            how = self.draw(st.sampled_from(["lot", "place", "package", "place"]))
            if how == "lot" and lot:
                scopes.append({"lot_id": lot.id})
                continue
            for quant in some[: self.draw(st.integers(1, 3))]:
                packed = how == "package" and quant.package_id
                goods = (
                    {"package_id": quant.package_id.id}
                    if packed
                    else {"location_id": quant.location_id.id}
                )
                scopes.append({"lot_id": lot.id, **goods})
        return [{"product_id": product.id, **scope} for scope in scopes]

    def _get_quants(self, product):
        return self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id.usage", "=", "internal"),
                ("quantity", ">", 0),
            ]
        )

    # -- Rows --------------------------------------------------------------------------

    def _propose(self, case, left):
        """Propose a row about held goods, once in a while about too many.

        :param dict left: how much of each quant no other row is about
        """
        quants = [quant for quant in left if left[quant] > 0] or list(left)
        quant = quants[self.draw(NUMBERS) % len(quants)]
        most = int(left[quant])
        parts = [most, 1 + most // 2, 1 + most // 3, 1 + most // 4]
        parts = [most] if self.only_returns else [*parts, *parts, most + 1]
        quantity = max(self.draw(st.sampled_from(parts)), 1)
        left[quant] -= quantity
        kind = next(self.kinds)
        dest = self.draw(st.sampled_from([None, *self.dests, *self.places[1:]]))
        if kind == "return_production":
            dest = dest or self.dests[1]
        elif kind not in ("use_as_is", "rework"):
            dest = None
        elif kind == "rework" and self.goods == self.untracked:
            dest = dest or self.dests[0]
        bom = kind == "rework" and self.draw(st.booleans()) and self.boms[self.goods]
        row = self._add(
            case,
            kind,
            quantity,
            lot=quant.lot_id,
            location=quant.location_id,
            product_id=quant.product_id.id,
            package_id=quant.package_id.id,
            location_dest_id=dest and dest.id,
            product_dest_id=kind == "downgrade" and self.second.id,
            partner_id=kind == "donate" and self.zoo.id,
            is_separate=kind == "use_as_is" and self.draw(st.booleans()),
            status_id=self.draw(st.sampled_from([False, self.conditional.id])),
            rework_way=kind == "rework" and "production",
            bom_id=bom and bom.id,
            test_group_ids=[(6, 0, self.retest.ids if kind == "rework" else [])],
        )
        return row

    # -- What carries them out ---------------------------------------------------------

    def _ship(self, rows):
        """Let the warehouse ship what goes away: all of it, some, or nothing."""
        for picking in rows.move_ids.picking_id.filtered(
            lambda picking: picking.state == "assigned"
        ):
            own, how = picking.move_ids.qms_disposition_id, next(self.ways)
            if how == "nothing":
                self._give_up(picking, own)
                continue
            line = picking.move_line_ids.sorted("quantity")[-1:]
            if how != "all" and line.quantity > 1:
                # core refuses a package that is in two places
                picking.move_line_ids.result_package_id = False
                line.quantity -= 1
            picking.move_ids.picked = True
            picking.with_user(self.clerk)._action_done()
            for rest in picking.backorder_ids:
                if how == "less":
                    rest.with_user(self.clerk).action_cancel()
                    self.seen.update(f"less_{row.kind}" for row in own)
                else:
                    rest.action_assign()
                    rest.move_ids.picked = True
                    rest.with_user(self.clerk)._action_done()

    def _give_up(self, document, rows):
        """Cancel what would have carried out rows, and then the rows."""
        document.action_cancel()
        assert set(rows.mapped("state")) == {"approved"}, rows.mapped("state")
        rows.with_user(self.manager).action_cancel()

    def _produce(self, rows):
        """Let production rework what it gets: all of it, some, or nothing."""
        for order in rows.production_ids:
            row, how = order.qms_disposition_id, next(self.ways)
            if how == "nothing":
                self._give_up(order, row)
                continue
            part = order.product_qty - 1 if how != "all" else 0
            self._make(order, part or order.product_qty, backorder=how == "later")
            if part and how == "later":
                assert row.production_ids - order, "the rest belongs to nothing"
            self.seen["less_rework"] += bool(part) and how == "less"
            for rest in row.production_ids - order:
                if self.draw(st.booleans()):
                    rest.action_cancel()
                else:
                    self._make(rest, rest.product_qty)
            assert row.state == "done", row.state

    def _make(self, order, quantity, backorder=False):
        whole = order.product_uom_id.compare(quantity, order.product_qty) == 0
        order = order.with_user(self.foreman)
        order.qty_producing = quantity
        order._set_qty_producing()
        order.with_context(
            skip_consumption=True,
            skip_backorder=True,
            mo_ids_to_backorder=order.ids if backorder and not whole else [],
        ).button_mark_done()
        assert order.state == "done", order.state
