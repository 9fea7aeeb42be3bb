"""Random sequences of everything that moves goods, against a model of the gate.

The model below knows the design and nothing of the addon: it keeps its own stock, its
own ledger and its own table of what each status blocks. After each step it compares.
Hypothesis prints a failing sequence as calls of the rules, which replays it.
"""

import os
import sys
import time
from collections import Counter, defaultdict, namedtuple
from contextlib import contextmanager

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.errors import HypothesisException
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.qms_quality.tests.common import STOCK_USER, QmsCase

STEPS = 25
# How long examples are begun. One that fails is shortened for as long as it takes.
SECONDS = {"ci": 120, "local": 60, "long": 3600}

# What the design says: the statuses, how strict they are, and what each blocks.
HOLD = {"internal", "put_away", "transfer", "consumption", "delivery", "adjustment"}
STATUSES = {
    "conditional": (20, {"transfer", "delivery"}),
    "under_inspection": (30, HOLD - {"internal"}),
    "expired": (40, {"transfer", "consumption", "delivery"}),
    "on_hold": (50, HOLD | {"vendor_return", "scrap"}),
    "rejected": (60, HOLD),
}
INSIDE = ("stock", "shelf", "zone", "south")
INNER = {"stock": {"stock", "shelf"}}

Key = namedtuple("Key", "product lot place package")
Effect = namedtuple("Effect", "product lot source dest package package_dest quantity")


def classify(source, dest, how):
    """Return what the design calls a movement: a set of types, empty if free."""
    if source == dest or source not in INSIDE:
        return set()
    types = {
        "customer": {"delivery"},
        "supplier": {"vendor_return"},
        "production": {"consumption"},
        "loss": {"count": {"adjustment"}, "scrap": {"scrap"}}.get(
            how, {"adjustment", "scrap"}
        ),
    }
    if dest in types:
        return types[dest]
    if "south" in (source, dest):
        return {"transfer"}
    if dest == "zone":
        return {"quarantine"}
    return {"put_away"} if source == "zone" else {"internal"}


class Hold:
    """One hold of the model: what it blocks, and the regions it covers."""

    def __init__(self, record, product, lot, region, status):
        self.record, self.product, self.status = record, product, status
        self.root = (lot, region)
        self.regions = {self.root}

    @staticmethod
    def reaches(region, key):
        """Tell whether one region covers the goods ``key``."""
        lot, (kind, name) = region
        if lot and lot != key.lot:
            return False
        if kind == "package":
            return key.package == name
        return kind == "all" or key.place in INNER.get(name, {name})

    def covers(self, key):
        """Tell whether any region of the hold covers the goods ``key``."""
        return self.product == key.product and any(
            self.reaches(region, key) for region in self.regions
        )

    def travel(self, key, dest):
        """Extend the hold from the goods ``key`` to where they are now."""
        for region in [r for r in self.regions if self.reaches(r, key)]:
            if region[1][0] != "all" and not self.reaches(region, dest):
                kind = ("package", dest.package)
                place = ("place", dest.place)
                self.regions.add((dest.lot, kind if dest.package else place))

    def close_empty(self, stock):
        """Close the extensions that no goods are left in."""
        for region in self.regions - {self.root}:
            if not any(
                quantity > 0
                and key.product == self.product
                and self.reaches(region, key)
                for key, quantity in stock.items()
            ):
                self.regions.discard(region)


class TimeOver(Exception):
    """No time is left for another example."""


class Clock:
    """Ends the examples in time; never while a failing one is being shortened.

    A rejected example would tell Hypothesis that the same choices end differently.
    """

    def __init__(self):
        profile = os.environ.get("HYPOTHESIS_PROFILE")
        profile = profile or ("ci" if os.environ.get("CI") else "local")
        self.end = time.monotonic() + SECONDS.get(profile, SECONDS["local"])
        self.examples, self.failed, self.over = 0, False, False

    def begin(self):
        """Count an example, or give up where there is no time for one."""
        self.over = not self.failed and time.monotonic() > self.end
        if self.over:
            raise TimeOver
        self.examples += 1

    def finish(self):
        """Remember whether the example that ends now has failed."""
        error = sys.exc_info()[1]
        if isinstance(error, Exception):
            self.failed |= not isinstance(error, HypothesisException)

    @contextmanager
    def watch(self):
        """Let the time run out without a failure."""
        try:
            yield
        except Exception:
            if not self.over:
                raise


class GateMachine(RuleBasedStateMachine):
    """Rules act as a clerk; invariants compare the database with the model."""

    case = clock = None

    def __init__(self):
        self.clock.begin()
        super().__init__()
        self.env = self.case.env
        self.savepoint = self.env.cr.savepoint()
        self.stock = Counter()
        self.holds, self.lines, self.deliveries = [], {}, []
        self.last_line = self._last_line_id()

    def teardown(self):
        """Leave the database as it was."""
        self.clock.finish()
        self.env.cr.precommit.clear()
        self.env.transaction.clear()
        self.savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)

    # -- Reading the database ----------------------------------------------------------

    def _last_line_id(self):
        self.env.cr.execute("SELECT COALESCE(max(id), 0) FROM stock_move_line")
        return self.env.cr.fetchone()[0]

    def _read_lines(self):
        """Return what each done line since the beginning has moved."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT l.id, l.product_id, l.lot_id, l.location_id, l.location_dest_id,
                      l.package_id, l.result_package_id, l.quantity_product_uom
               FROM stock_move_line l JOIN stock_move m ON m.id = l.move_id
               WHERE m.state = 'done' AND l.id > %s AND l.product_id IN %s
                 AND l.quantity_product_uom > 0""",
            (self.last_line, tuple(self.case.product_names)),
        )
        places = self.case.place_names
        return {
            row[0]: Effect(
                self.case.product_names[row[1]],
                row[2],
                places.get(row[3], "loss"),
                places.get(row[4], "loss"),
                row[5],
                row[6],
                row[7],
            )
            for row in self.env.cr.fetchall()
        }

    def _read_quants(self):
        self.env.flush_all()
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", list(self.case.product_names)),
                ("location_id", "in", [self.case.places[p].id for p in INSIDE]),
            ]
        )
        quants.invalidate_recordset(["inspection_status_id"])
        return quants

    def _key(self, quant):
        return Key(
            self.case.product_names[quant.product_id.id],
            quant.lot_id.id or None,
            self.case.place_names[quant.location_id.id],
            quant.package_id.id or None,
        )

    # -- The model ---------------------------------------------------------------------

    def _blocked(self, key, types):
        return any(
            hold.covers(key) and STATUSES[hold.status][1] & types for hold in self.holds
        )

    @contextmanager
    def _attempt(self, how=None, edit=None):
        """Do something as the clerk; judge what it did, or that it was refused.

        :param str how: ``count`` or ``scrap`` where that names the movement
        :param set edit: the types asked for where done lines are changed
        """
        asked = []
        try:
            with self.env.cr.savepoint():
                yield asked
                self.env.flush_all()
        except UserError as refusal:
            self.env.invalidate_all(flush=False)
            if "These goods are held" in str(refusal):
                blocked = any(self._blocked(key, types) for key, types in asked)
                assert blocked or not asked, f"refused without a hold: {refusal}"
            return
        self._observe(how, edit)

    def _observe(self, how, edit):
        """Judge every done line that appeared or changed, then follow the goods."""
        lines = self._read_lines()
        moved = [
            (self.lines.get(line), lines.get(line))
            for line in {*lines, *self.lines}
            if self.lines.get(line) != lines.get(line)
        ]
        self.lines = lines
        movements = []
        for old, new in moved:
            movements += self._get_movements(old, new, how, edit)
        for source, _dest, _quantity, types in movements:
            assert not (source and self._blocked(source, types)), (
                f"{source} moved while {types} was blocked"
            )
        for source, dest, quantity, _types in movements:
            self._carry(source, dest, quantity)
        self.stock = Counter({k: q for k, q in self.stock.items() if q})
        for hold in self.holds:
            hold.close_empty(self.stock)

    def _get_movements(self, old, new, how, edit):
        if not old:
            return [self._movement(new, classify(new.source, new.dest, how))]
        if not new:
            return [self._movement(self._reverse(old), edit)]
        same = old._replace(quantity=0) == new._replace(quantity=0)
        if same and new.quantity > old.quantity:
            more = new._replace(quantity=new.quantity - old.quantity)
            return [self._movement(more, edit)]
        if same:
            less = old._replace(quantity=old.quantity - new.quantity)
            return [self._movement(self._reverse(less), edit)]
        if old.lot == new.lot and old.dest in INSIDE:
            return [self._movement(new._replace(source=old.dest), edit)]
        return [self._movement(self._reverse(old), edit), self._movement(new, edit)]

    def _reverse(self, effect):
        return effect._replace(
            source=effect.dest,
            dest=effect.source,
            package=effect.package_dest,
            package_dest=effect.package,
        )

    def _movement(self, effect, types):
        product, lot, source, dest, package, package_dest, quantity = effect
        return (
            Key(product, lot, source, package) if source in INSIDE else None,
            Key(product, lot, dest, package_dest) if dest in INSIDE else None,
            quantity,
            types or set(),
        )

    def _carry(self, source, dest, quantity):
        if source:
            self.stock[source] -= quantity
        if dest:
            self.stock[dest] += quantity
        if source and dest:
            for hold in self.holds:
                if hold.product == source.product:
                    hold.travel(source, dest)

    def _pick(self, number, where=lambda key: True):
        """Return goods in stock, chosen by ``number``; nothing if there are none."""
        keys = sorted(
            (k for k, q in self.stock.items() if q > 0 and where(k)), key=repr
        )
        return keys[number % len(keys)] if keys else None

    # -- Rules: goods come in ----------------------------------------------------------

    @rule(
        lot=st.integers(0, 2),
        quantity=st.integers(1, 9),
        place=st.sampled_from(INSIDE),
        package=st.sampled_from([None, None, 0, 1]),
    )
    def receive(self, lot, quantity, place, package):
        package = package is not None and self.case.packages[package]
        packed = [p for (_pr, _l, p, g) in self.stock if package and g == package.id]
        if any(p != place for p in packed):
            return  # a package is in one place
        with self._attempt():
            self.case.post(
                "milk", self.case.lots[lot], quantity, "supplier", place, None, package
            )

    @rule(quantity=st.integers(1, 9), place=st.sampled_from(INSIDE))
    def receive_untracked(self, quantity, place):
        with self._attempt():
            self.case.post("salt", None, quantity, "supplier", place)

    @rule(number=st.integers(0, 9), quantity=st.integers(1, 3))
    def take_back(self, number, quantity):
        done = [p for p in self.deliveries if p.state == "done"]
        if not done:
            return
        picking = done[number % len(done)]
        with self._attempt():
            self.case.take_back(picking, quantity)

    # -- Rules: the ledger -------------------------------------------------------------

    @rule(
        number=st.integers(0, 9),
        scope=st.sampled_from(["lot", "lot_place", "package", "product_place"]),
        status=st.sampled_from(sorted(STATUSES)),
        wide=st.booleans(),
    )
    def hold(self, number, scope, status, wide):
        key = self._pick(number, lambda k: scope != "package" or k.package)
        if not key or (scope in ("lot", "lot_place") and not key.lot):
            return
        region = ("all", None)
        if scope == "package":
            region = ("package", key.package)
        elif scope != "lot":
            inside_stock = wide and key.place == "shelf"
            region = ("place", "stock" if inside_stock else key.place)
        lot = key.lot if scope != "product_place" else None
        place = region[0] == "place" and self.case.places[region[1]].id
        record = self.env["qms.hold"]._place(
            [
                {
                    "product_id": self.case.products[key.product].id,
                    "lot_id": lot,
                    "location_id": place,
                    "package_id": region[0] == "package" and key.package,
                    "status_id": self.case.statuses[status].id,
                    "reason": "property test",
                }
            ]
        )
        self.holds.append(Hold(record, key.product, lot, region, status))

    @rule(number=st.integers(0, 9))
    def release(self, number):
        if self.holds:
            self.holds.pop(number % len(self.holds)).record._release("property test")

    # -- Rules: reservation ------------------------------------------------------------

    @rule(product=st.sampled_from(["milk", "salt"]), quantity=st.integers(1, 12))
    def order(self, product, quantity):
        self.deliveries.append(self.case.order(product, quantity))

    @rule(number=st.integers(0, 9))
    def assign(self, number):
        waiting = [p for p in self.deliveries if p.state in ("confirmed", "assigned")]
        if waiting:
            with self._attempt():
                waiting[number % len(waiting)].action_assign()

    @rule(number=st.integers(0, 9))
    def ship(self, number):
        ready = [
            p for p in self.deliveries if p.state == "assigned" and p.move_line_ids
        ]
        if ready:
            with self._attempt():
                self.case.ship(ready[number % len(ready)])

    @rule(number=st.integers(0, 9))
    def cancel(self, number):
        ready = [p for p in self.deliveries if p.state not in ("done", "cancel")]
        if ready:
            ready[number % len(ready)].action_cancel()

    # -- Rules: goods move -------------------------------------------------------------

    @rule(
        number=st.integers(0, 9),
        dest=st.sampled_from([*INSIDE, "customer", "supplier", "loss"]),
        quantity=st.integers(1, 9),
        keep_package=st.booleans(),
    )
    def transfer(self, number, dest, quantity, keep_package):
        key = self._pick(number)
        if not key or key.place == dest:
            return
        quantity = min(quantity, self.stock[key])
        package = key.package and self.env["stock.package"].browse(key.package)
        whole = keep_package and self._is_whole(key, quantity)
        with self._attempt() as asked:
            asked.append((key, classify(key.place, dest, None)))
            self.case.post(
                key.product,
                key.lot and self.env["stock.lot"].browse(key.lot),
                quantity,
                key.place,
                dest,
                package,
                package if whole else None,
            )

    def _is_whole(self, key, quantity):
        packed = [q for k, q in self.stock.items() if k.package == key.package]
        return key.package and len(packed) == 1 and packed[0] == quantity

    @rule(number=st.integers(0, 9), counted=st.integers(0, 12))
    def count(self, number, counted):
        key = self._pick(number)
        if not key:
            return
        with self._attempt("count") as asked:
            if counted < self.stock[key]:
                asked.append((key, {"adjustment"}))
            quant = self.case.quant(key).with_context(inventory_mode=True)
            quant.inventory_quantity = counted
            quant.action_apply_inventory()

    @rule(number=st.integers(0, 9), quantity=st.integers(1, 5))
    def scrap(self, number, quantity):
        key = self._pick(number)
        if not key:
            return
        with self._attempt("scrap") as asked:
            asked.append((key, {"scrap"}))
            self.case.scrap(key, min(quantity, self.stock[key]))

    @rule(number=st.integers(0, 9), quantity=st.integers(1, 3))
    def produce(self, number, quantity):
        key = self._pick(number, lambda k: k.lot and k.place in INNER["stock"])
        if not key:
            return
        with self._attempt() as asked:
            asked.append((key, {"consumption"}))
            self.case.produce(key, min(quantity, self.stock[key]))

    # -- Rules: relocation and packages ------------------------------------------------

    @rule(number=st.integers(0, 9), dest=st.sampled_from(INSIDE))
    def relocate(self, number, dest):
        key = self._pick(number)
        if not key or key.place == dest:
            return
        packed = [k for k in self.stock if key.package and k.package == key.package]
        with self._attempt() as asked:
            asked += [(k, classify(k.place, dest, None)) for k in packed or [key]]
            if packed:
                package = self.env["stock.package"].browse(key.package)
                package.with_user(self.case.clerk).location_id = self.case.places[dest]
            else:
                quant = self.case.quant(key)
                quant.move_quants(location_dest_id=self.case.places[dest])

    @rule(package=st.integers(0, 1))
    def unpack(self, package):
        with self._attempt():
            self.case.packages[package].with_user(self.case.clerk).unpack()

    @rule(number=st.integers(0, 9), package=st.integers(0, 1))
    def pack(self, number, package):
        package = self.case.packages[package]
        key = self._pick(number, lambda k: k.package != package.id)
        packed = {k.place for k in self.stock if k.package == package.id}
        if not key or packed - {key.place}:
            return
        with self._attempt():
            self.case.quant(key).move_quants(package_dest_id=package)

    # -- Rules: what is done is changed ------------------------------------------------

    def _pick_line(self, number, where):
        lines = sorted(line for line, effect in self.lines.items() if where(effect))
        if not lines:
            return None, None
        line = self.env["stock.move.line"].browse(lines[number % len(lines)])
        return line.with_user(self.case.clerk), self.lines[line.id]

    @rule(number=st.integers(0, 9), quantity=st.integers(0, 9))
    def change_shipped_quantity(self, number, quantity):
        line, effect = self._pick_line(number, lambda e: e.dest == "customer")
        if not line or effect.source not in INSIDE:
            return
        key = Key(effect.product, effect.lot, effect.source, effect.package)
        more = quantity - effect.quantity
        if not more or more > self.stock[key]:
            return
        types = {"delivery"} if more > 0 else set()
        with self._attempt(edit=types) as asked:
            asked.append((key, types))
            line.quantity = quantity

    @rule(number=st.integers(0, 9), lot=st.integers(0, 2))
    def change_shipped_lot(self, number, lot):
        line, effect = self._pick_line(
            number, lambda e: e.dest == "customer" and e.source in INSIDE and e.lot
        )
        if not line:
            return
        lot = self.case.lots[lot]
        key = Key(effect.product, lot.id, effect.source, effect.package)
        if lot.id == effect.lot or self.stock[key] < effect.quantity:
            return
        with self._attempt(edit={"delivery"}) as asked:
            asked.append((key, {"delivery"}))
            line.lot_id = lot

    @rule(number=st.integers(0, 9), dest=st.sampled_from([*INSIDE, "customer"]))
    def redirect_receipt(self, number, dest):
        line, effect = self._pick_line(
            number,
            lambda e: (
                e.source == "supplier" and e.dest in INSIDE and not e.package_dest
            ),
        )
        if not line or effect.dest == dest:
            return
        key = Key(effect.product, effect.lot, effect.dest, None)
        if self.stock[key] < effect.quantity:
            return
        types = classify(effect.dest, dest, None)
        with self._attempt(edit=types) as asked:
            asked.append((key, types))
            line.location_dest_id = self.case.places[dest]

    # -- Rules: attacks ----------------------------------------------------------------

    @rule(number=st.integers(0, 9), place=st.sampled_from(["stock", "shelf", "zone"]))
    def steal(self, number, place):
        """Ship held goods from a place where there are none of them."""
        key = self._pick(number, lambda k: k.place != "south")
        if not key or not self._blocked(key, {"delivery"}):
            return
        if any(
            k.product == key.product and k.lot in (key.lot, None) and k.place == place
            for k in self.stock
        ):
            return
        lot = key.lot and self.env["stock.lot"].browse(key.lot)
        try:
            with self.env.cr.savepoint():
                self.case.post(key.product, lot, 1, place, "customer")
                self.env.flush_all()
        except UserError as refusal:
            assert "These goods are held" in str(refusal), refusal
            self.env.invalidate_all(flush=False)
        else:
            raise AssertionError(f"{key} was shipped from {place}, where none is")

    @rule(number=st.integers(0, 9), line=st.integers(0, 9))
    def add_line(self, number, line):
        """Add goods to a transfer that is done."""
        key = self._pick(number)
        line, _effect = self._pick_line(line, lambda e: e.dest == "customer")
        if not key or not line or line.product_id.id != self.case.product_ids[key[0]]:
            return
        with self._attempt() as asked:
            asked.append((key, {"delivery"}))
            self.case.add_line(line.move_id, key)

    # -- What always holds -------------------------------------------------------------

    @invariant()
    def quantities_are_conserved(self):
        found = Counter()
        for quant in self._read_quants():
            found[self._key(quant)] += quant.quantity
        found = Counter({key: quantity for key, quantity in found.items() if quantity})
        assert found == self.stock, f"{found} in stock, {self.stock} expected"

    @invariant()
    def status_is_the_ledgers(self):
        for quant in self._read_quants():
            key = self._key(quant)
            covering = [hold.status for hold in self.holds if hold.covers(key)]
            strictest = max(
                covering, key=lambda name: STATUSES[name][0], default="available"
            )
            expected = self.case.statuses[strictest]
            assert quant.inspection_status_id == expected, (
                f"{key} is {quant.inspection_status_id.name}, not {expected.name}"
            )

    @invariant()
    def reserved_is_on_hand_and_allowed(self):
        by_key = defaultdict(float)
        for quant in self._read_quants():
            by_key[self._key(quant)] += quant.quantity - quant.reserved_quantity
            if quant.reserved_quantity:
                assert not self._blocked(self._key(quant), {"delivery"}), (
                    f"{self._key(quant)} is reserved and held"
                )
        assert all(free >= 0 for free in by_key.values()), by_key


@tagged("standard", "post_install", "-at_install")
class TestGateProperty(QmsCase):
    """The gate, whatever happens in whatever order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls._make_user("qms_worker", "mrp.group_mrp_user", STOCK_USER)
        cls.clerk.group_ids |= cls.env.ref("stock.group_tracking_lot")
        south = cls.env["stock.warehouse"].create({"name": "South", "code": "SOUTH"})
        production = cls.env["stock.location"].search(
            [("usage", "=", "production"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.places = {
            "stock": cls.stock,
            "shelf": cls.shelf,
            "zone": cls._make_location(
                "Zone", cls.warehouse.view_location_id, qms_zone="quarantine"
            ),
            "south": south.lot_stock_id,
            "supplier": cls.supplier,
            "customer": cls.customer,
            "production": production,
            "loss": cls.product.property_stock_inventory,
        }
        cls.place_names = {place.id: name for name, place in cls.places.items()}
        cls.products = {"milk": cls.product, "salt": cls.untracked}
        cls.product_ids = {name: one.id for name, one in cls.products.items()}
        cls.product_names = {one.id: name for name, one in cls.products.items()}
        cls.lots = [cls._make_lot(f"LOT{number}") for number in range(3)]
        cls.packages = cls.env["stock.package"].create([{"name": "P0"}, {"name": "P1"}])
        cls.statuses = {
            name: cls.env.ref(f"qms_quality.status_{name}")
            for name in [*STATUSES, "available"]
        }
        cls.cake = cls._make_product("Cake", tracking="none")
        cls.bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.cake.product_tmpl_id.id,
                "bom_line_ids": [
                    (0, 0, {"product_id": cls.product.id, "product_qty": 1})
                ],
            }
        )

    def quant(self, key):
        """Return the quant of the goods ``key``, as the clerk."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product_ids[key.product]),
                ("lot_id", "=", key.lot or False),
                ("location_id", "=", self.places[key.place].id),
                ("package_id", "=", key.package or False),
                ("quantity", "!=", 0),
            ]
        )
        assert len(quants) == 1, f"{key} has quants of {quants.mapped('quantity')}"
        return quants.with_user(self.clerk)

    def _line_vals(self, move, lot, quantity, package=None, package_dest=None):
        return {
            "move_id": move.id,
            "picking_id": move.picking_id.id,
            "product_id": move.product_id.id,
            "lot_id": lot and lot.id,
            "quantity": quantity,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
            "package_id": package and package.id,
            "result_package_id": package_dest and package_dest.id,
        }

    def post(
        self, product, lot, quantity, source, dest, package=None, package_dest=None
    ):
        """Make and validate a transfer of exactly these goods, as the clerk."""
        codes = {"supplier": "incoming"}
        picking = self._picking(
            codes.get(source) or {"customer": "outgoing"}.get(dest, "internal"),
            quantity,
            self.products[product],
            source=self.places[source],
            dest=self.places[dest],
        ).with_user(self.clerk)
        picking.move_ids.picking_type_id.sudo().reservation_method = "manual"
        picking.action_confirm()
        move = picking.move_ids
        move.move_line_ids.unlink()
        self.env["stock.move.line"].with_user(self.clerk).with_context(
            qms_picked_by_system=True
        ).create(self._line_vals(move, lot, quantity, package, package_dest))
        move.picked = True
        picking.button_validate()
        assert picking.state == "done", picking.state
        return picking

    def order(self, product, quantity):
        """Make a delivery that reserves what it may, as the clerk."""
        picking = self._picking("outgoing", quantity, self.products[product])
        picking = picking.with_user(self.clerk)
        picking.action_confirm()
        picking.action_assign()
        return picking

    def ship(self, picking):
        """Validate what a delivery has reserved, without a backorder."""
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        assert picking.state == "done", picking.state

    def take_back(self, picking, quantity):
        """Return part of a delivery from the customer, as the clerk."""
        wizard = Form(
            self.env["stock.return.picking"]
            .with_user(self.clerk)
            .with_context(active_id=picking.id, active_model="stock.picking")
        ).save()
        wizard.product_return_moves[:1].quantity = quantity
        back = wizard._create_return()
        back.move_ids.filtered(lambda move: not move.move_line_ids).unlink()
        if back.move_ids:
            back.move_ids.picked = True
            back.with_context(
                skip_backorder=True, picking_ids_not_to_backorder=back.ids
            ).button_validate()

    def scrap(self, key, quantity):
        """Scrap goods, as the clerk."""
        self.env["stock.scrap"].with_user(self.clerk).create(
            {
                "product_id": self.product_ids[key.product],
                "lot_id": key.lot or False,
                "package_id": key.package or False,
                "location_id": self.places[key.place].id,
                "scrap_location_id": self.places["loss"].id,
                "scrap_qty": quantity,
            }
        ).do_scrap()

    def produce(self, key, quantity):
        """Make cake of exactly these goods, as a worker."""
        order = (
            self.env["mrp.production"]
            .with_user(self.worker)
            .create(
                {
                    "product_id": self.cake.id,
                    "bom_id": self.bom.id,
                    "product_qty": quantity,
                    "picking_type_id": self.warehouse.manu_type_id.id,
                }
            )
        )
        order.action_confirm()
        order.qty_producing = quantity
        order._set_qty_producing()
        move = order.move_raw_ids
        move._do_unreserve()
        move.move_line_ids.unlink()
        lot = self.env["stock.lot"].browse(key.lot)
        package = self.env["stock.package"].browse(key.package or ())
        vals = self._line_vals(move, lot, quantity, package)
        vals["location_id"] = self.places[key.place].id
        self.env["stock.move.line"].with_user(self.worker).with_context(
            qms_picked_by_system=True
        ).create(vals)
        move.picked = True
        order.button_mark_done()
        assert order.state == "done", order.state

    def add_line(self, move, key):
        """Add one unit to a move that is done, as the clerk."""
        lot = self.env["stock.lot"].browse(key.lot or ())
        package = self.env["stock.package"].browse(key.package or ())
        vals = self._line_vals(move, lot, 1, package)
        vals["location_id"] = self.places[key.place].id
        self.env["stock.move.line"].with_user(self.clerk).create(vals)

    def test_gate(self):
        GateMachine.case, GateMachine.clock = self, Clock()
        with GateMachine.clock.watch():
            run_state_machine_as_test(
                GateMachine, settings=settings(stateful_step_count=STEPS)
            )
        self.assertGreater(GateMachine.clock.examples, 1)
