"""What reservation must choose for an order with requirements, worked out anew.

Nothing of the addons is used here: lots are plain values, and what a criterion means
is written once more.
"""

from dataclasses import dataclass, field
from decimal import Decimal

STRICT = ("blocked", "approval")


@dataclass(frozen=True)
class Criterion:
    """``attribute operator values``; of a range two values."""

    attribute: str
    operator: str
    values: tuple
    tolerance: Decimal = Decimal(0)
    departure: str = "blocked"


@dataclass
class Lot:
    """A lot, oldest first by ``age``; ``values`` by attribute, none if not recorded."""

    name: str
    quantity: int
    age: int
    place: str
    held: bool
    values: dict = field(default_factory=dict)


def is_met(criterion, lot):
    """Tell whether a lot meets a criterion. What is not recorded meets none."""
    value = lot.values.get(criterion.attribute)
    if value is None:
        return False
    if criterion.operator == "exists":
        return True
    more = criterion.tolerance
    if isinstance(value, Decimal):
        lowest, highest = value - more, value + more
    else:
        lowest = highest = value
    first, last = criterion.values[0], criterion.values[-1]
    return {
        "=": lambda: lowest <= first <= highest if more else value == first,
        "!=": lambda: value != first,
        "in": lambda: value in criterion.values,
        "not in": lambda: value not in criterion.values,
        ">=": lambda: highest >= first,
        "<=": lambda: lowest <= first,
        "between": lambda: highest >= first and lowest <= last,
    }[criterion.operator]()


def is_allowed(criteria, lot, ignored, accepted):
    """Tell whether reservation may take a lot, and posting lets it go."""
    if ignored:
        return True
    return all(
        is_met(criterion, lot)
        or (criterion.departure == "approval" and (number, lot.name) in accepted)
        for number, criterion in enumerate(criteria)
        if criterion.departure in STRICT
    )


def choose(criteria, lots, demand, removal, ignored, accepted):
    """Return ``{lot name: quantity}`` of what a delivery takes."""
    allowed = [
        lot
        for lot in lots
        if not lot.held and is_allowed(criteria, lot, ignored, accepted)
    ]
    best = [lot for lot in allowed if all(is_met(one, lot) for one in criteria)]
    others = [lot for lot in allowed if lot not in best]
    taken = {}
    for lot in [*_sort(best, removal), *_sort(others, removal)]:
        quantity = min(lot.quantity, demand)
        if quantity:
            taken[lot.name] = quantity
        demand -= quantity
    return taken


def _sort(lots, removal):
    if removal == "fifo":
        return sorted(lots, key=lambda lot: lot.age)
    if removal == "lifo":
        return sorted(lots, key=lambda lot: -lot.age)
    # by the name of the place; of two in one place the one that was put there last
    return sorted(lots, key=lambda lot: (lot.place, -lots.index(lot)))
