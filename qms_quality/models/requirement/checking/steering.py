"""What is asked once for many moves, and kept in the context while they are worked on.

Both are objects of the server's own: no client can send one.
"""

from typing import NamedTuple

# The transaction types in which goods are held to what is asked for. What comes in, or
# is made, is compared when it arrives, and refused nowhere.
LEAVING = {"delivery", "consumption"}
# Movements on the way there: what is picked for an order is for that order.
STEPS = {"internal", "put_away", "transfer", "quarantine"}


class Steering(NamedTuple):
    """The requirements of moves, by id."""

    copies: dict


class Posting(NamedTuple):
    """The packages that goods leave in, by ``(move, Goods)``; in stock it's another."""

    packages: dict
