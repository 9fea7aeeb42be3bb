"""Genealogy replayed from the lines of moves; it knows nothing of the addon.

Lots are ids; goods without a lot are ``("product", id)``. What became of what is kept
as ``{(document, from, to): quantity}``.
"""

from collections import Counter, defaultdict, namedtuple

# One done line: what it moved, and for which document.
Line = namedtuple(
    "Line", "id product lot quantity made_by used_by unbuild source dest date"
)
INSIDE = ("internal", "transit")
# Where goods come from that weren't there before.
ORIGINS = ("supplier", "production", "inventory")


class Replay:
    """What the lines of moves say at this moment, and numbers that people changed."""

    def __init__(self, lines):
        self.lines = lines
        self.links = Counter()
        # how much each document made in all: {(document, goods): quantity}
        self.made = Counter()
        for order, (used, made) in self._read_documents().items():
            self._add(order, used, made)

    def _read_documents(self):
        documents = defaultdict(lambda: ([], []))
        for line in self.lines:
            if line.quantity <= 0:
                continue
            if line.used_by:
                documents["mrp.production", line.used_by][0].append(line)
            elif line.made_by:
                documents["mrp.production", line.made_by][1].append(line)
            elif line.unbuild:
                side = 1 if line.source == "production" else 0
                documents["mrp.unbuild", line.unbuild][side].append(line)
        return documents

    def _add(self, document, used, made):
        """Each product's lots share all that was used, by how much there is of them."""
        of_product = Counter()
        for line in made:
            of_product[line.product] += line.quantity
            self.made[document, self.goods(line)] += line.quantity
        for one in used:
            for other in made:
                if one.lot or other.lot:
                    part = other.quantity / of_product[other.product]
                    key = document, self.goods(one), self.goods(other)
                    self.links[key] += one.quantity * part

    @staticmethod
    def goods(line):
        """Return the lot of a line, or its product."""
        return line.lot or ("product", line.product)

    def edges(self):
        """Return ``{lot: lots made of it}``."""
        ahead = defaultdict(set)
        for (_document, source, target), quantity in self.links.items():
            if quantity > 0 and isinstance(source, int) and isinstance(target, int):
                ahead[source].add(target)
        return ahead


def reached(ahead, lot, depth=None):
    """Return ``{lot: steps}`` of all that ``ahead`` leads to, breadth first.

    :param dict ahead: lots by lot
    """
    steps, layer = {lot: 0}, [lot]
    while layer and (depth is None or steps[layer[0]] < depth):
        layer = [
            other
            for one in layer
            for other in sorted(ahead.get(one, ()))
            if steps.setdefault(other, steps[one] + 1) == steps[one] + 1
        ]
        layer = list(dict.fromkeys(layer))
    return steps


def turned(ahead):
    """Return the same edges the other way round."""
    behind = defaultdict(set)
    for source, targets in ahead.items():
        for target in targets:
            behind[target].add(source)
    return behind


def came_in(lines):
    """Return how much there ever was of each lot: ``{lot: quantity}``."""
    made = Counter()
    for line in lines:
        if line.lot and line.source in ORIGINS and line.dest not in ORIGINS:
            made[line.lot] += line.quantity
    return made


def shares(lot, amounts, parts):
    """Return how much of ``lot`` is in each lot, along every way there; ``None``, if
    one of them is a circle.

    :param dict amounts: ``{lot: {next lot: quantity}}``
    :param parts: which part of what is in ``lot`` goes on to the next, for a quantity
    """
    found = Counter({lot: 1.0})

    def walk(one, part, way):
        for other, quantity in amounts.get(one, {}).items():
            if other in way:
                raise RecursionError(other)
            more = part * parts(one, other, quantity)
            found[other] += more
            walk(other, more, {*way, other})

    try:
        walk(lot, 1.0, {lot})
    except RecursionError:
        return None
    return {one: min(share, 1.0) for one, share in found.items()}
