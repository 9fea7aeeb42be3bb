"""Random histories of goods against a replay of the lines of their moves.

The replay (``genealogy_model``) reads what moved and shares it out anew; it knows
nothing of the addon. After each step what the links add up to is compared with it, and
what every lot reaches, now and as of each earlier step. Rows are never changed.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

import hypothesis.strategies as st
from hypothesis import seed, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import UserError
from odoo.tests import tagged

from .genealogy_case import CHEESE, MILK, GenealogyHistoryCase
from .genealogy_model import INSIDE, Replay, came_in, reached, shares, turned
from .timecap import rounds

# Of one round: each step is asked for all that was ever made.
EXAMPLES, STEPS = 4, 12
BEGINNING = datetime(2025, 1, 1)
# What an order may be told from: every other document gives goods another number.
ORDERS = ("mrp.production", "mrp.unbuild")

NUMBERS = st.integers(0, 99)
QUANTITIES = st.integers(1, 9)
GOODS = st.sampled_from([None, *MILK, *CHEESE])
USES = st.dictionaries(GOODS, QUANTITIES, min_size=1, max_size=3)


class GenealogyMachine(RuleBasedStateMachine):
    """Rules do what people do; invariants compare what is written with the replay."""

    case = None
    # of how many lots shares were compared, step by step
    compared = []

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.savepoint = self.env.cr.savepoint()
        self.names = dict(self.case.lots)
        self.orders, self.receipts, self.deliveries = [], [], []
        # goods that got another number: {(from, to): quantity}, and those by line
        self.numbers, self.renamed = Counter(), {}
        self.before = self.case.last_line_id()
        self.seen = {row["id"]: row for row in self.case.read_links()}
        self.start = max(self.seen, default=0)
        self.history = []

    def teardown(self):
        """Leave the database as it was."""
        self.case.lots = self.names
        self.env.cr.precommit.clear()
        self.env.transaction.clear()
        self.savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)

    def _try(self, do, *arguments):
        """Return what ``do`` returns, None where Odoo refuses it."""
        try:
            with self.env.cr.savepoint():
                result = do(*arguments)
                self.env.flush_all()
                return result
        except UserError:
            self.env.invalidate_all(flush=False)
            return None

    @staticmethod
    def _pick(records, number):
        return records[number % len(records)] if records else None

    # -- Rules: goods are made ---------------------------------------------------------

    @rule(uses=USES, output=st.sampled_from(CHEESE), whey=st.integers(0, 2))
    def make_cheese(self, uses, output, whey):
        """Of milk, salt, and cheese that goes back in: that makes circles."""
        order = self._try(self.case.make, uses.items(), [output], whey)
        self.orders += [order] if order else []

    @rule(uses=USES, count=st.integers(1, 3), again=st.booleans(), number=NUMBERS)
    def make_devices(self, uses, count, again, number):
        """Several serial numbers by one order, maybe of another one."""
        uses = dict(uses)
        serials = [name for name in self.case.lots if name.startswith("D")]
        if again and serials:
            uses[self._pick(serials, number)] = 1
        names = self.case.new_serials(count)
        order = self._try(self.case.make, uses.items(), names)
        self.orders += [order] if order else []

    @rule(number=NUMBERS, quantity=st.integers(1, 2))
    def unbuild(self, number, quantity):
        """Take something apart."""
        order = self._pick(self.orders, number)
        # core divides by what was produced
        if order and sum(order.move_finished_ids.mapped("quantity")):
            self._try(self.case.unbuild, order, quantity)

    # -- Rules: goods come, go and come back -------------------------------------------

    @rule(name=st.sampled_from(MILK), quantity=QUANTITIES)
    def receive(self, name, quantity):
        """Receive milk."""
        line = self._try(self.case.receive, name, quantity)
        self.receipts += [line] if line else []

    @rule(name=st.sampled_from([*MILK, *CHEESE]), quantity=QUANTITIES)
    def deliver(self, name, quantity):
        """Deliver something, which makes nothing of it."""
        delivery = self._try(self.case.deliver, name, quantity)
        self.deliveries += [delivery] if delivery else []

    @rule(number=NUMBERS)
    def take_back(self, number):
        """Return a delivery, which makes nothing of it."""
        delivery = self._pick(self.deliveries, number)
        if delivery:
            self._try(self.case.take_back, delivery)

    # -- Rules: goods get another number -----------------------------------------------

    @rule(name=st.sampled_from([*MILK, *CHEESE]), quantity=QUANTITIES)
    def split(self, name, quantity):
        """Split a lot; the child takes part in all that follows."""
        child = self._try(self.case.split, name, quantity)
        if child:
            self.case.lots = {**self.case.lots, child.name: child}
            self.numbers[self.names[name].id, child.id] += quantity

    @rule(lots=st.permutations(MILK) | st.permutations(CHEESE))
    def merge(self, lots):
        """Merge two lots, whose numbers may be used again."""
        name, target = lots[:2]
        quantity = self._try(self.case.merge, name, target)
        if quantity:
            self.numbers[self.names[name].id, self.names[target].id] += quantity

    # -- Rules: what was posted is corrected -------------------------------------------

    def _pick_used(self, number):
        order = self._pick(self.orders, number)
        lines = order and order.move_raw_ids.move_line_ids.sorted("id")
        return self._pick(lines, number)

    @rule(number=NUMBERS, quantity=st.integers(0, 9))
    def correct_used(self, number, quantity):
        """More was used, or less, or nothing."""
        line = self._pick_used(number)
        if line:
            self._try(line.write, {"quantity": quantity})

    @rule(number=NUMBERS, name=st.sampled_from([*MILK, *CHEESE]))
    def correct_used_lot(self, number, name):
        """Another lot was used."""
        line, lot = self._pick_used(number), self.names[name]
        if line and line.product_id == lot.product_id:
            self._try(line.write, {"lot_id": lot.id})

    @rule(number=NUMBERS, name=GOODS, quantity=QUANTITIES)
    def use_besides(self, number, name, quantity):
        """Something else was used, too."""
        order = self._pick(self.orders, number)
        if order:
            self._try(self.case._use, order, self.case.goods(name), quantity)

    @rule(number=NUMBERS, quantity=st.integers(0, 9))
    def correct_made(self, number, quantity):
        """More was made, or less, or nothing."""
        order = self._pick(self.orders, number)
        lines = order and order.move_finished_ids.move_line_ids.filtered(
            lambda line: line.product_id.tracking != "serial"
        )
        self._correct(self._pick(lines, number), quantity)

    @rule(number=NUMBERS, quantity=st.integers(0, 9))
    def correct_received(self, number, quantity):
        """More was received, or less, or nothing, whatever it is called by now."""
        self._correct(self._pick(self.receipts, number), quantity)

    def _correct(self, line, quantity):
        """What goods are called is of as much as there is of them."""
        if not line or self._try(line.write, {"quantity": quantity}) is None:
            return
        for key, pairs in self.renamed.items():
            if key[0] == line.id:
                for pair, before in pairs:
                    self.numbers[pair] += quantity - before
                self.renamed[key] = [(pair, quantity) for pair, _before in pairs]

    @rule(number=NUMBERS, name=st.sampled_from(CHEESE), back=st.booleans())
    def rename_made(self, number, name, back):
        """Another lot was made, or it was not after all."""
        order = self._pick(self.orders, number)
        line = order and order.move_finished_ids.move_line_ids.filtered(
            lambda line: line.product_id == self.case.cheese
        )
        self._rename(line, self.names[name], back)

    @rule(
        number=NUMBERS,
        name=st.sampled_from(MILK),
        back=st.booleans(),
        more=QUANTITIES,
        empty=st.booleans(),
    )
    def rename_received(self, number, name, back, more, empty):
        """Another lot was received, or it was not after all; and how much, too."""
        if not self.receipts:
            line = self._try(self.case.receive, self._pick(MILK, number), 3)
            self.receipts += [line] if line else []
        line = self._pick(self.receipts, number)
        if empty:
            # it is called so while there is nothing
            self._correct(line, 0)
        self._rename(line, self.names[name], back)
        self._correct(line, more)

    def _rename(self, line, lot, back=False):
        """What goods were called leads to what they are called, until called back."""
        if not line or line.lot_id == lot:
            return
        old = line.lot_id
        self._call(line, lot)
        if back and line.lot_id == lot:
            self._call(line, old)

    def _call(self, line, lot):
        old = line.lot_id
        pairs = [(old.id, lot.id)]
        if self._has_left(line, old):
            pairs.append((lot.id, old.id))
        if self._try(line.write, {"lot_id": lot.id}) is None:
            return
        key = line.id, frozenset(pairs[0])
        if key in self.renamed:
            for pair, quantity in self.renamed.pop(key):
                self.numbers[pair] -= quantity
            return
        self.renamed[key] = [(pair, line.quantity) for pair in pairs]
        for pair in pairs:
            self.numbers[pair] += line.quantity

    def _has_left(self, line, lot):
        """Tell whether goods of ``lot`` left the house since ``line``."""
        return any(
            one.lot == lot.id
            and one.id != line.id
            and one.source in INSIDE
            and one.dest not in INSIDE
            and one.date >= line.date
            for one in self.case.read_lines(0)
        )

    # -- What always holds -------------------------------------------------------------

    @invariant()
    def links_are_as_the_lines(self):
        rows = self.case.read_links()
        self._check_rows(rows)
        replay = Replay(self.case.read_lines(self.before))
        self._check_sums(rows, replay)
        self._check_links(rows, replay)
        ahead = replay.edges()
        for (source, target), quantity in self.numbers.items():
            if quantity:
                ahead[source].add(target)
        self._date(rows)
        self.history.append(ahead)
        self._check_reach(ahead, None)
        earlier = len(self.seen) % len(self.history)
        self._check_reach(self.history[earlier], self._moment(earlier))
        self._check_shares(replay)

    def _check_rows(self, rows):
        """Rows are only added; each undoing one is the opposite of another."""
        found = {row["id"]: row for row in rows}
        for id_, row in self.seen.items():
            assert found[id_] == row, f"{row} was changed to {found[id_]}"
        undoing = [row["reverses_id"] for row in rows if row["reverses_id"]]
        assert len(undoing) == len(set(undoing)), "undone twice"
        for row in rows:
            if row["reverses_id"]:
                other = found[row["reverses_id"]]
                for name in ("quantity", "to_quantity"):
                    assert row[name] == -other[name], row

    @staticmethod
    def _goods(row, side):
        """Return the lot of one side of a link, or its product."""
        return row[f"{side}_lot_id"] or ("product", row[f"{side}_product_id"])

    def _check_links(self, rows, replay):
        """What each link that holds says beside its quantity is true."""
        undone = {row["reverses_id"] for row in rows}
        lines = {line.id: line for line in replay.lines}
        for row in rows:
            if (
                row["id"] <= self.start
                or row["reverses_id"]
                or row["id"] in undone
                or row["res_model"] not in ORDERS
            ):
                continue
            document = row["res_model"], row["res_id"]
            made = replay.made[document, self._goods(row, "to")]
            assert abs(row["to_quantity"] - made) < 1e-6, (row, made)
            is_known = row["from_lot_id"] and row["to_lot_id"]
            assert bool(row["uncertain"]) is not bool(is_known), row
            assert row["kind"] == self._get_kind(row), row
            for side in ("from", "to"):
                line = lines[row[f"{side}_line_id"]]
                assert replay.goods(line) == self._goods(row, side), row

    def _get_kind(self, row):
        if row["res_model"] == "mrp.unbuild":
            return "unbuild"
        is_whey = row["to_product_id"] == self.case.whey.id
        return "byproduct" if is_whey else "production"

    def _check_sums(self, rows, replay):
        """What is written adds up to what moved, document by document."""
        written = Counter()
        for row in rows:
            if row["id"] > self.start:
                pair = self._goods(row, "from"), self._goods(row, "to")
                order = row["res_model"] in ORDERS
                document = order and (row["res_model"], row["res_id"])
                written[document, *pair] += row["quantity"]
        expected = Counter(replay.links)
        for pair, quantity in self.numbers.items():
            expected[False, *pair] += quantity
        for key in written.keys() | expected.keys():
            difference = written[key] - expected[key]
            assert abs(difference) < 1e-6, (
                f"{key}: {written[key]} written, {expected[key]} expected"
            )

    def _date(self, rows):
        """Let this step's rows be of its moment, so that each step can be asked for."""
        self.env.cr.execute(
            "UPDATE qms_lot_link SET date = %s WHERE id > %s",
            [self._moment(len(self.history)), max(self.seen, default=0)],
        )
        self.seen = {row["id"]: row for row in self.case.read_links()}

    @staticmethod
    def _moment(step):
        return BEGINNING + timedelta(minutes=step)

    def _check_reach(self, ahead, date):
        """Every lot reaches what the replay says, and is as far away."""
        trace = self.env["qms.trace"]
        for direction, edges in (("forward", ahead), ("backward", turned(ahead))):
            sign = 1 if direction == "forward" else -1
            for depth in (None, 2):
                for lot in self.names.values():
                    found = trace._get_reach(lot, direction, date, depth)
                    expected = reached(edges, lot.id, depth)
                    expected = {one: sign * steps for one, steps in expected.items()}
                    assert found == expected, (direction, lot.name, found, expected)

    def _check_shares(self, replay):
        """What is said to be of a lot in others is what went there, way by way.

        Where goods went round in a circle, there is no one answer. One lot a step.
        """
        lots = list(self.names.values())
        lot = lots[len(self.history) % len(lots)]
        totals = came_in(self.case.read_lines(0))
        ahead, behind = defaultdict(Counter), defaultdict(Counter)
        for source, target, quantity in self._amounts(replay):
            ahead[source][target] += quantity
            behind[target][source] += quantity
        for direction, amounts in (("forward", ahead), ("backward", behind)):

            def part(near, far, quantity, direction=direction):
                return quantity / totals[near if direction == "forward" else far]

            expected = shares(lot.id, amounts, part)
            graph = getattr(self.env["qms.trace"], direction)(lot.ids)
            found = {one["lot_id"]: one["share"] for one in graph["nodes"]}
            found.pop(False, None)
            if expected is not None:
                self.compared.append(len(expected))
                assert found.keys() == expected.keys(), (direction, lot.name)
                for one, share in expected.items():
                    assert abs(found[one] - share) < 1e-6, (direction, found, expected)

    def _amounts(self, replay):
        """Yield from lot, to lot and quantity of all that went from one to another."""
        for (_document, source, target), quantity in replay.links.items():
            if isinstance(source, int) and isinstance(target, int) and quantity > 0:
                yield source, target, quantity
        for (source, target), quantity in self.numbers.items():
            if quantity > 0:
                yield source, target, quantity


@tagged("standard", "post_install", "-at_install")
class TestGenealogyProperty(GenealogyHistoryCase):
    """Genealogy, whatever happens in whatever order."""

    def test_genealogy(self):
        GenealogyMachine.case = self
        for number in rounds():
            run_state_machine_as_test(
                seed(number)(GenealogyMachine),
                settings=settings(stateful_step_count=STEPS, max_examples=EXAMPLES),
            )
        # not only of lots that nothing was made of
        self.assertGreater(max(GenealogyMachine.compared), 2)
