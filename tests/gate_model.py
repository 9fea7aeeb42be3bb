"""The gate as the design describes it, unit by unit; it knows nothing of the addon.

It keeps its own stock, its own ledger and its own table of what each status blocks.
"""

from collections import Counter, namedtuple

# What the design says: the statuses, how strict they are, and what each blocks.
HOLD = {"internal", "put_away", "transfer", "consumption", "delivery", "adjustment"}
STATUSES = {
    "under_inspection": (30, HOLD - {"internal"}),
    "on_hold": (50, HOLD | {"vendor_return", "scrap"}),
    "conditional": (20, {"transfer", "delivery"}),
    "expired": (40, {"transfer", "consumption", "delivery"}),
    "rejected": (60, HOLD),
}
INSIDE = ("stock", "shelf", "zone", "south")
INNER = {"stock": {"stock", "shelf"}}

# Goods: names, or None where there is no lot or package.
Key = namedtuple("Key", "product lot place package")
# What a done line moved.
Effect = namedtuple("Effect", "product lot source dest package package_dest quantity")
# One movement: the goods where they were and where they are, None if outside.
Movement = namedtuple("Movement", "source dest quantity types")


def classify(source, dest, how=None):
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

    def has_followed(self, key):
        """Tell whether only an extension of the hold covers the goods ``key``."""
        return self.covers(key) and not self.reaches(self.root, key)

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


class Model:
    """Stock, holds and done lines, as they should be."""

    def __init__(self):
        self.stock, self.holds, self.lines = Counter(), [], {}

    # -- Questions ---------------------------------------------------------------------

    def is_blocked(self, key, types):
        """Tell whether a hold of the goods ``key`` blocks one of ``types``."""
        return any(
            hold.covers(key) and STATUSES[hold.status][1] & types for hold in self.holds
        )

    def is_held(self, key):
        """Tell whether any hold covers the goods ``key``."""
        return any(hold.covers(key) for hold in self.holds)

    def has_followed(self, key):
        """Tell whether a hold went with the goods ``key`` to where they are."""
        return any(hold.has_followed(key) for hold in self.holds)

    def status(self, key):
        """Return the strictest status that the goods ``key`` are held in."""
        statuses = [hold.status for hold in self.holds if hold.covers(key)]
        return max(statuses, key=lambda name: STATUSES[name][0], default="available")

    def is_whole(self, key, quantity):
        """Tell whether a quantity of ``key`` is all that its package contains."""
        return bool(key.package) and [quantity] == [
            one for other, one in self.stock.items() if other.package == key.package
        ]

    def pick(self, number, where=lambda key: True):
        """Return goods in stock, chosen by ``number``; nothing if there are none.

        Held goods are four times as likely, those that a hold has followed eight times.
        """
        keys = []
        for key in sorted(self.stock, key=lambda key: [name or "" for name in key]):
            if self.stock[key] > 0 and where(key):
                weight = 1 + 3 * self.is_held(key) + 4 * self.has_followed(key)
                keys += [key] * weight
        return keys[number % len(keys)] if keys else None

    def pick_line(self, number, where):
        """Return the id of a done line and what it moved, ``(None, None)`` if none."""
        lines = []
        for line, effect in sorted(self.lines.items()):
            if where(effect):
                ends = (
                    Key(effect.product, effect.lot, effect.source, effect.package),
                    Key(effect.product, effect.lot, effect.dest, effect.package_dest),
                )
                lines += [line] * (1 + 3 * any(self.is_held(end) for end in ends))
        if not lines:
            return None, None
        line = lines[number % len(lines)]
        return line, self.lines[line]

    # -- What happened -----------------------------------------------------------------

    def observe(self, lines, how=None, edit=None):
        """Judge every done line that appeared or changed, then follow the goods.

        :param dict lines: all done lines now, ``{id: Effect}``
        :param str how: ``count`` or ``scrap`` where that names the movement
        :param set edit: the types asked for where done lines were changed
        """
        movements = []
        for line in sorted({*lines, *self.lines}):
            old, new = self.lines.get(line), lines.get(line)
            if old != new:
                movements += self._get_movements(old, new, how, edit or set())
        self.lines = lines
        for source, _dest, _quantity, types in movements:
            assert not (source and self.is_blocked(source, types)), (
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
            moved = new._replace(source=old.dest, package=old.package_dest)
            return [self._movement(moved, edit)]
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
        return Movement(
            Key(product, lot, source, package) if source in INSIDE else None,
            Key(product, lot, dest, package_dest) if dest in INSIDE else None,
            quantity,
            types,
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
