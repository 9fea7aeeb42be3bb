"""Random mixes of dispositions: what is held is what is not disposed of yet.

Goods of several products came by several receipts and lie in places and packages, and a
case holds them by lots, by places or by packages. Dispositions are drawn, with
quantities that exceed what is there once in a while, carried out together or one by
one, shipped or reworked in full, in part or not at all. What comes of rework is tested
again, and passes, fails or waits. After each step the totals are compared with a tally
that knows only what was decided; and whatever is held is tried to be taken away by
another way.
"""

import itertools
from collections import Counter

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, seed, settings

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.qms_quality.tests.common_disposition import DispositionCase

from .timecap import rounds

# What is allowed to be in the way; anything else is a failure of the test.
EXPECTED = (
    "only ",
    " are in ",
    "they are only part of what",
    "these goods would still be held",
    "is no other place in stock",
    "only products tracked by lots can be split",
    "decide on one piece at a time",
    "no receipt of ",
    "the case holds all of the product in",
    "other holds are in the way: Conditional release",
)
KINDS = [
    "donate",
    "return",
    "downgrade",
    "rework",
    "use_as_is",
    "return_production",
    "scrap",
]
GONE = {"scrap", "downgrade", "donate", "return"}
# Which of these can be refused for more than their quantity.
PARTICULAR = {"return", "rework"}
SEEN = {
    "refused",
    "held",
    "follow_up",
    "receipts",
    "passed",
    "failed",
    "waits",
    "less_return",
    "less_rework",
}
# How much of a document is done: all, some and the rest later, some only, or nothing.
WAYS = ["all", "later", "less", "nothing"]
NUMBERS = st.integers(0, 99)
MOST_MORE = 20


@tagged("standard", "post_install", "-at_install")
class TestDispositionProperty(DispositionCase):
    """See the module."""

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

    def test_dispositions(self):
        self.seen = Counter()
        for number in self._rounds():

            @seed(number)
            @settings(
                max_examples=5,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(st.data())
            def check(data):
                with self.env.cr.savepoint() as savepoint:
                    self._check(data.draw)
                    self.env.cr.precommit.clear()
                    savepoint.rollback()
                self.env.invalidate_all(flush=False)

            check()
        self.assertFalse(self._get_unseen(), f"never seen, of {self.seen}")

    def _rounds(self):
        """Yield as :func:`rounds` does, and some more until all was seen: so that a
        slow machine sees all of it, too."""
        number = 0
        for number in rounds():
            yield number
        for more in range(number + 1, number + MOST_MORE):
            if not self._get_unseen():
                return
            yield more

    def _get_unseen(self):
        return {kind for kind in (*KINDS, *SEEN) if not self.seen[kind]}

    # -- Goods -------------------------------------------------------------------------

    def _check(self, draw):
        self.draw = draw
        product = draw(st.sampled_from([self.product, self.untracked, self.serial]))
        self.goods = product
        # each in its turn, so that a slow machine sees all of them too
        self.kinds = itertools.cycle(draw(st.permutations(KINDS)))
        self.ways = itertools.cycle(draw(st.permutations(WAYS)))
        case = self._make_goods(product)
        self.started = self._count(case)
        self.gone = self.freed = self.reworked = self.failed = 0
        self.returned = Counter()
        self._bring_to_disposition(case)
        for _step in range(draw(st.integers(2, 4))):
            if not case._get_held_quants():
                break
            self._decide(case)
            self._compare(case)
            self._compare_retests(case)
            self._take_away(case)
            self._test_again(case)
        self.seen[case.state] += 1

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
        return self.draw(st.lists(st.sampled_from(records), min_size=1, max_size=3))

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

    def _count(self, case):
        """Return how much is held, and how much is there, in all."""
        held = sum(case._get_held_quants().mapped("quantity"))
        return held, sum(self._get_quants(self.goods).mapped("quantity"))

    # -- Deciding ----------------------------------------------------------------------

    def _decide(self, case):
        """Propose, approve and carry out some dispositions, or see them refused."""
        if case.state != "disposition":
            case.with_user(self.inspector).action_dispose()
        left = {q: q.quantity for q in case._get_held_quants().sorted("id")}
        rows = self.env["qms.disposition"].union(
            *(self._propose(case, left) for _row in range(self.draw(st.integers(1, 3))))
        )
        try:
            with self.env.cr.savepoint():
                self._approve(case)
                together = self.draw(st.booleans())
                for row in [rows] if together else rows:
                    row.with_user(self.inspector).action_execute()
                self.env.flush_all()
        except UserError as refusal:
            self.env.invalidate_all(flush=False)
            self._judge(rows, str(refusal))
            rows.with_user(self.inspector).action_cancel()
            return
        self._ship(rows)
        self._produce(rows)
        for row in rows.filtered(lambda row: row.state == "done"):
            self.seen[row.kind] += 1
            self._tally(row)

    def _tally(self, row):
        done = row.done_quantity
        if row.kind == "rework" and not row.bom_id:
            self.reworked += done
        elif row.kind in GONE or row.bom_id:
            self.gone += done
        else:
            self.freed += done
        if row.kind == "return":
            self.returned[row.lot_id] += done
            receipts = row.move_ids.origin_returned_move_id
            self.seen["receipts"] += len(receipts) > 1
            assert len(row.move_ids.move_line_ids.lot_id) < 2
            assert all(move.origin_returned_move_id for move in row.move_ids)
            for receipt in receipts:
                came = self._sum_lot(receipt, row.lot_id)
                done = receipt.returned_move_ids.filtered(lambda m: m.state == "done")
                assert self._sum_lot(done, row.lot_id) <= came, receipt.reference

    def _sum_lot(self, moves, lot):
        lines = moves.move_line_ids.filtered(lambda line: line.lot_id == lot)
        return sum(lines.mapped("quantity"))

    def _propose(self, case, left):
        """Propose a row about held goods, once in a while about too many.

        :param dict left: how much of each quant no other row is about
        """
        quants = [quant for quant in left if left[quant] > 0] or list(left)
        quant = quants[self.draw(NUMBERS) % len(quants)]
        most = int(left[quant])
        parts = [most, 1 + most // 2, 1 + most // 3, 1 + most // 4]
        parts = [*parts, *parts, most + 1]
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

    def _judge(self, rows, message):
        """Let pass only refusals that say what is in the way, where something is."""
        self.seen["refused"] += 1
        assert any(text in message for text in EXPECTED), message
        wanted, there = Counter(), {}
        for row in rows:
            wanted[row._get_key()] += row.quantity
            there[row._get_key()] = sum(row._get_stock()[row].mapped("quantity"))
        whole = not (
            any(rows.mapped("location_dest_id"))
            or PARTICULAR.intersection(rows.mapped("kind"))
        )
        if self.goods == self.product and whole and EXPECTED[-1] not in message:
            assert any(wanted[key] > there[key] for key in wanted), message

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

    def _test_again(self, case):
        """Let what was reworked pass, fail, or wait for its test."""
        for order in case.order_ids.filtered(lambda order: order.event == "retest"):
            if order.state not in ("draft", "open"):
                continue
            verdict = self.draw(st.sampled_from(["passed", "failed", "waits"]))
            if verdict == "failed" and order.product_id != self.goods:
                verdict = "waits"
            self.seen[verdict] += 1
            if verdict == "failed":
                before = self._count(case)[0]
                self._fail(order)
                self.failed += order.quantity
                assert self._count(case)[0] == before + order.quantity
            elif verdict == "passed":
                self._fill(order)
                order.with_user(self.inspector).action_validate()
                assert not self._get_holds(order)

    def _get_holds(self, order):
        return self.env["qms.hold"]._search_open(order._name, order.ids)

    # -- What always holds -------------------------------------------------------------

    def _compare(self, case):
        held, there = self._count(case)
        started, stock = self.started
        left = started - self.gone - self.freed - self.reworked + self.failed
        self.assertAlmostEqual(held, left)
        self.assertAlmostEqual(there, stock - self.gone)
        for lot, quantity in self.returned.items():
            self.assertLessEqual(quantity, self.received[lot])
        case.invalidate_recordset()
        rows = case.disposition_ids.filtered(
            lambda row: row.state in ("draft", "approved", "in_progress")
        )
        self.assertFalse(rows)
        self.assertAlmostEqual(case.held_quantity, held)
        self.assertAlmostEqual(case.undisposed_quantity, held)
        self.assertEqual(case.state == "follow_up", not held)

    def _compare_retests(self, case):
        """All that came of rework is to be tested again, and held until then."""
        orders = case.order_ids.filtered(lambda order: order.event == "retest")
        by_row = orders.grouped("disposition_id")
        for row in case.disposition_ids.filtered(lambda row: row.kind == "rework"):
            # what a recipe makes of it is as much as it takes
            tested = sum(order.quantity for order in by_row.get(row, ()))
            self.assertAlmostEqual(tested, row.done_quantity)
        waiting = orders.filtered(lambda order: order.state in ("draft", "open"))
        for product, some in waiting.grouped("product_id").items():
            quants = self._get_holds(some)._get_quants()._qms_filter_inside()
            held = sum(q.quantity for q in quants if q.product_id == product)
            wanted = sum(some.mapped("quantity"))
            if product.tracking == "none":
                # goods without a number are held with all others of their place
                self.assertGreaterEqual(held, wanted)
            else:
                self.assertAlmostEqual(held, wanted)

    def _take_away(self, case):
        """Nothing that is held leaves by another way."""
        quants = case._get_held_quants().sorted("id")
        for order in case.order_ids.filtered(lambda order: order.state != "done"):
            quants |= self._get_holds(order)._get_quants()._qms_filter_inside()
        if not quants:
            return
        self.seen["held"] += 1
        quant = quants[self.draw(NUMBERS) % len(quants)]
        dests = [self.customer, self.supplier, self.dest]
        if quant not in case._get_held_quants():
            # under inspection, goods may be moved, and go back to a vendor
            dests = [self.customer]
        # from a place to itself nothing leaves
        dests = [dest for dest in dests if dest != quant.location_id]
        dest = self.draw(st.sampled_from(dests))
        code = "internal" if dest == self.dest else "outgoing"
        try:
            with self.env.cr.savepoint():
                picking = self._picking(
                    code, 1, quant.product_id, quant.location_id, dest
                )
                picking.action_confirm()
                line = picking.move_ids._prepare_move_line_vals(quantity=1)
                line.update(
                    lot_id=quant.lot_id.id,
                    package_id=quant.package_id.id,
                    location_id=quant.location_id.id,
                )
                picking.move_line_ids.unlink()
                lines = self.env["stock.move.line"]
                lines.with_context(qms_picked_by_system=True).create(line)
                picking.move_ids.picked = True
                picking.with_user(self.clerk)._action_done()
                self.env.flush_all()
        except UserError as refusal:
            self.env.invalidate_all(flush=False)
            self.assertIn("These goods are held", str(refusal))
        else:
            raise AssertionError(f"{quant.display_name} left for {dest.display_name}")
