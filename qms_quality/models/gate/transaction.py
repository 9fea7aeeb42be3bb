"""What flows of goods are called, and the small values the gate is asked with."""

from collections import namedtuple

TRANSACTION_TYPES = [
    ("receipt", "Receipt"),
    ("customer_return", "Customer return"),
    ("output", "Production output"),
    ("quarantine", "Move into quarantine"),
    ("internal", "Internal move"),
    ("put_away", "Put-away"),
    ("transfer", "Transfer"),
    ("consumption", "Consumption"),
    ("delivery", "Delivery"),
    ("vendor_return", "Return to vendor"),
    ("scrap", "Scrap"),
    ("adjustment", "Inventory adjustment"),
]

POLICIES = [("allow", "Allow"), ("warn", "Warn"), ("block", "Block")]
STRICTNESS = {"allow": 0, "warn": 1, "block": 2}

# How goods come into stock, for the rules that say in which status they start.
ARRIVALS = [
    ("receipt", "Receipt"),
    ("customer_return", "Customer return"),
    ("output", "Production output"),
    ("unbuild", "Unbuild"),
    ("count", "Count upwards"),
]

INSIDE = ("internal", "transit")

# The goods the gate is asked about: records, each may be empty but the product.
Goods = namedtuple("Goods", "product lot location package")

# Why the gate refuses or warns. ``hold`` is empty where something else answers, which
# says why in ``text``, and in ``judgement`` for programs.
GateReason = namedtuple(
    "GateReason", "policy status hold text judgement", defaults=(None,)
)

# One posted movement of goods. ``quantity`` is in the product's unit of measure;
# ``types`` are the transaction types asked for; ``arrival`` is the way it came in.
Movement = namedtuple(
    "Movement",
    "line product lot location package location_dest package_dest quantity"
    " types arrival known",
)


def goods_of(movement):
    """Return the goods that ``movement`` takes, where they were."""
    return Goods(movement.product, movement.lot, movement.location, movement.package)


def join_types(lists):
    """Return lists of transaction types as one, in the way that they are stored.

    :param lists: iterable of texts such as ``",delivery,scrap,"``, or empty ones
    :return: such a text with each type once, False where there are none
    """
    types = {name for text in lists if text for name in text.strip(",").split(",")}
    return f",{','.join(sorted(types))}," if types else False


def as_types(value):
    """Return transaction types as a tuple: one name, or several."""
    return (value,) if isinstance(value, str) else tuple(value)
