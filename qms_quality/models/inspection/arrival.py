"""Goods that arrived together and are inspected together."""

from collections import namedtuple

# One quality order's worth of goods. ``movements`` are the gate's, all of one product;
# ``quantity`` is in the product's unit of measure; ``places`` are where they arrived.
Arrival = namedtuple(
    "Arrival", "event product movements quantity partner places company"
)
