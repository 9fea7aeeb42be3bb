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

from .disposition_case import NUMBERS, DrawnDispositionCase
from .timecap import has_time, rounds

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
LEFT = {"scrap", "donate", "return"}
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
    "again",
    "less_return",
    "less_rework",
}
# How much of a document is done: all, some and the rest later, some only, or nothing.
WAYS = ["all", "later", "less", "nothing"]
MOST_MORE = 40


@tagged("standard", "post_install", "-at_install")
class TestDispositionProperty(DrawnDispositionCase):
    """See the module."""

    def test_dispositions(self):
        self.seen = Counter()
        for number in self._rounds():
            # so that goods go back by a receipt of which some went back before
            self.only_returns = number % 4 == 0

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
        if has_time():
            self.assertFalse(self._get_unseen(), f"never seen, of {self.seen}")

    def _rounds(self):
        """Yield as :func:`rounds` does, and some more until all was seen, so that a
        slow machine sees all of it, too; but not where nobody can wait for it."""
        number = 0
        for number in rounds():
            yield number
        for more in range(number + 1, number + MOST_MORE):
            if not has_time() or not self._get_unseen():
                return
            yield more

    def _get_unseen(self):
        return {kind for kind in (*KINDS, *SEEN) if not self.seen[kind]}

    def _check(self, draw):
        self.draw = draw
        products = [self.product, self.untracked, self.serial]
        product = draw(st.sampled_from(products[: 2 if self.only_returns else 3]))
        self.goods = product
        # each in its turn, so that a slow machine sees all of them too
        kinds = draw(st.permutations(KINDS))
        self.kinds = itertools.cycle(["return"] if self.only_returns else kinds)
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
        before = self._get_there()
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
        self._compare_places(rows, before)

    def _get_there(self):
        """Return how much is exactly where: ``{(lot, place, package): quantity}``."""
        there = Counter()
        for quant in self._get_quants(self.goods):
            there[quant.lot_id, quant.location_id, quant.package_id] += quant.quantity
        return there

    def _compare_places(self, rows, before):
        """What has left has left its own place and package, and no other."""
        left, moved = Counter(), Counter()
        for row in rows.filtered(lambda row: row.state == "done"):
            # what the others do can change places, and come back to this one
            part = left if row.kind in LEFT else moved
            part[row.lot_id, row.location_id, row.package_id] += row.done_quantity
        there, others = self._get_there(), sum(moved.values())
        for goods in {*before, *there}:
            rest = before[goods] - left[goods]
            self.assertLessEqual(there[goods], rest + others)
            self.assertGreaterEqual(there[goods], rest - moved[goods])

    def _tally(self, row):
        done = row.done_quantity
        if row.kind == "rework" and not row.bom_id:
            self.reworked += done
        elif row.kind in GONE or row.bom_id:
            self.gone += done
        else:
            self.freed += done
        if row.kind == "return":
            lot = self._get_root(row.lot_id)
            self.seen["again"] += bool(self.returned[lot])
            self.returned[lot] += done
            receipts = row.move_ids.origin_returned_move_id
            self.seen["receipts"] += len(receipts) > 1
            assert len(row.move_ids.move_line_ids.lot_id) < 2
            assert all(move.origin_returned_move_id for move in row.move_ids)
            for receipt in receipts:
                came = self._sum_lot(receipt, lot)
                done = receipt.returned_move_ids.filtered(lambda m: m.state == "done")
                assert self._sum_lot(done, lot) <= came, receipt.reference

    def _sum_lot(self, moves, lot):
        lines = moves.move_line_ids.filtered(
            lambda line: self._get_root(line.lot_id) == lot
        )
        return sum(lines.mapped("quantity"))

    def _judge(self, rows, message):
        """Let pass only refusals that say what is in the way, where something is."""
        self.seen["refused"] += 1
        assert any(text in message for text in EXPECTED), message
        if "no receipt of" in message or "were received" in message:
            self._judge_returns(rows, message)
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

    def _judge_returns(self, rows, message):
        """Goods are refused to go back only where no receipt has brought as many."""
        wanted = Counter()
        for row in rows.filtered(lambda row: row.kind == "return"):
            wanted[self._get_root(row.lot_id)] += row.quantity
        left = self.received - self.returned
        assert any(wanted[lot] > left[lot] for lot in wanted), message

    def _get_root(self, lot):
        """Return the lot that a lot was split off from, at first."""
        while lot.parent_lot_id:
            lot = lot.parent_lot_id
        return lot

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
