"""Random mixes of dispositions: what is held is what is not disposed of yet.

Goods of several products lie in places and packages, and a case holds them by lots, by
places or by packages. Dispositions are drawn, with quantities that exceed what is
there once in a while, carried out together or one by one, shipped in full, in part or
not at all. After each step the totals are compared with a tally that knows only what
was decided; and whatever is held is tried to be taken away by another way.
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
    "other holds are in the way: Conditional release",
)
KINDS = ["donate", "downgrade", "use_as_is", "return_production", "scrap"]
GONE = {"scrap", "downgrade", "donate"}
NUMBERS = st.integers(0, 99)


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

    def test_dispositions(self):
        self.seen = Counter()
        for number in rounds():

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
        for kind in {*KINDS, "refused", "held", "follow_up"}:
            self.assertTrue(self.seen[kind], f"never seen: {kind} in {self.seen}")

    # -- Goods -------------------------------------------------------------------------

    def _check(self, draw):
        self.draw = draw
        product = draw(st.sampled_from([self.product, self.untracked, self.serial]))
        self.goods = product
        # each in its turn, so that a slow machine sees all of them too
        self.kinds = itertools.cycle(draw(st.permutations(KINDS)))
        case = self._make_goods(product)
        self.started = self._count(case)
        self.gone = self.freed = 0
        self._bring_to_disposition(case)
        for _step in range(draw(st.integers(2, 4))):
            if case.state == "follow_up":
                break
            self._decide(case)
            self._compare(case)
            self._take_away(case)
        self.seen[case.state] += 1

    def _make_goods(self, product):
        """Put goods in places, and hold them; return the case."""
        lots = self._make_lots(product)
        for lot in lots or [None]:
            for place in self._draw_some(self.places, serial=product == self.serial):
                package = None
                if self.draw(st.booleans()):
                    package = self.env["stock.package"].create({})
                quantity = 1 if lot and product == self.serial else self._draw_number()
                self._stock_up(quantity, lot, place, product, package)
        case = self._make_case(product_id=product.id)
        self.env["qms.hold"]._place(
            [
                {**case._prepare_hold_values(self.on_hold), **goods}
                for goods in self._draw_scopes(product)
            ]
        )
        return case

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
        for row in rows.filtered(lambda row: row.state == "done"):
            self.seen[row.kind] += 1
            if row.kind in GONE:
                self.gone += row.done_quantity
            else:
                self.freed += row.done_quantity

    def _propose(self, case, left):
        """Propose a row about held goods, once in a while about too many.

        :param dict left: how much of each quant no other row is about
        """
        quants = [quant for quant in left if left[quant] > 0] or list(left)
        quant = quants[self.draw(NUMBERS) % len(quants)]
        most = int(left[quant])
        parts = [most, 1 + most // 2, 1 + most // 3, most, 1 + most // 4, most + 1]
        quantity = max(self.draw(st.sampled_from(parts)), 1)
        left[quant] -= quantity
        kind = next(self.kinds)
        dest = self.draw(st.sampled_from([None, *self.dests, *self.places[1:]]))
        if kind == "return_production":
            dest = dest or self.dests[1]
        elif kind != "use_as_is":
            dest = None
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
        whole = not any(rows.mapped("location_dest_id"))
        if self.goods == self.product and whole and EXPECTED[-1] not in message:
            assert any(wanted[key] > there[key] for key in wanted), message

    def _ship(self, rows):
        """Let the warehouse ship what is given away: all of it, some, or nothing."""
        for picking in rows.move_ids.picking_id.filtered(
            lambda picking: picking.state == "assigned"
        ):
            row, how = picking.move_ids.qms_disposition_id, self.draw(NUMBERS) % 3
            if how == 2:
                picking.action_cancel()
                assert row.state == "approved"
                row.with_user(self.manager).action_cancel()
                continue
            if how == 1 and row.quantity > 1:
                # core refuses a package that is in two places
                picking.move_line_ids.result_package_id = False
                picking.move_line_ids.quantity = row.quantity - 1
            picking.move_ids.picked = True
            picking.with_user(self.clerk)._action_done()

    # -- What always holds -------------------------------------------------------------

    def _compare(self, case):
        held, there = self._count(case)
        started, stock = self.started
        self.assertAlmostEqual(held, started - self.gone - self.freed)
        self.assertAlmostEqual(there, stock - self.gone)
        case.invalidate_recordset()
        rows = case.disposition_ids.filtered(
            lambda row: row.state in ("draft", "approved", "in_progress")
        )
        self.assertFalse(rows)
        self.assertAlmostEqual(case.held_quantity, held)
        self.assertAlmostEqual(case.undisposed_quantity, held)
        self.assertEqual(case.state == "follow_up", not held)

    def _take_away(self, case):
        """Nothing that is held leaves by another way."""
        quants = case._get_held_quants().sorted("id")
        if not quants:
            return
        self.seen["held"] += 1
        quant = quants[self.draw(NUMBERS) % len(quants)]
        dest = self.draw(st.sampled_from([self.customer, self.supplier, self.dest]))
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
