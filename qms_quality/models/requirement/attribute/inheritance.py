"""How the values of several lots become one value of the lot made from them.

Plain Python, so that it can be tested against other arithmetic.
"""

from collections import defaultdict
from math import fsum
from typing import NamedTuple


class Part(NamedTuple):
    """What went in: ``quantity`` of a lot of ``product``, with its ``value``.

    ``value`` is ``None`` where none is recorded.
    """

    product: object
    quantity: float
    value: object


def _average(parts):
    total = fsum(part.quantity for part in parts)
    if not total:
        return None
    return fsum(part.quantity * part.value for part in parts) / total


def _same(parts):
    first = parts[0].value
    return first if all(part.value == first for part in parts) else None


_RULES = {
    "minimum": lambda parts: min(part.value for part in parts),
    "maximum": lambda parts: max(part.value for part in parts),
    "average": _average,
    "sum": lambda parts: fsum(part.value for part in parts),
    "same": _same,
}


def inherit(rule, parts):
    """Return the value that comes out, ``None`` where there is none.

    A product of which no lot has a value takes no part: cartons have no fat. Where some
    of its lots have one and others don't, nothing is known of the whole.

    :param str rule: minimum, maximum, average, sum or same
    :param parts: iterable of :class:`Part`, one for each lot
    """
    by_product = defaultdict(list)
    for part in parts:
        by_product[part.product].append(part)
    taking = []
    for own in by_product.values():
        recorded = [part for part in own if part.value is not None]
        if recorded and len(recorded) < len(own):
            return None
        taking += recorded
    return _RULES[rule](taking) if taking else None
