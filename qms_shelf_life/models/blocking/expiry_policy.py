"""What a rule says about goods near their date, as the gate asks it."""

from typing import NamedTuple

from odoo.addons.qms_quality.models.gate.transaction import GateReason

LEVELS = [
    ("allow", "Allow"),
    ("expired", "Block what has expired"),
    ("days", "Block some days before"),
]
# The transaction types that dates can block. Expired goods may always be scrapped,
# counted, set aside and returned; what comes in is no question of its date.
TYPES = ("delivery", "consumption", "transfer", "put_away", "internal")
MISSING = [("allow", "Allow"), ("warn", "Warn"), ("block", "Block")]


class ExpiryPolicy(NamedTuple):
    """What counts for a product in a warehouse.

    ``rule`` is the id of the rule, 0 for the company's settings; ``levels`` gives one
    of ``LEVELS`` for each type that isn't simply allowed; ``days`` before the expiry
    day from which goods are blocked, where a level says so; ``missing`` is what
    becomes, in the types ``judged``, of goods without the date that they should have.
    """

    rule: int
    levels: dict
    days: int
    missing: str
    judged: frozenset

    def get_days(self, types):
        """Return how many days before its expiry day a lot is blocked first.

        :param types: transaction types that must all allow the goods
        :return: 0 where only what has expired is, None where nothing is
        """
        levels = {self.levels.get(name, "allow") for name in types}
        if "days" in levels:
            return self.days
        return 0 if "expired" in levels else None

    def get_missing(self, types):
        """Return what becomes of goods without a date: allow, warn or block."""
        return "allow" if self.judged.isdisjoint(types) else self.missing


NO_POLICY = ExpiryPolicy(0, {}, 0, "allow", frozenset())


class DateReason(GateReason):
    """The gate refuses goods, or warns of them, because of their date."""

    kind = ""


class ExpiredReason(DateReason):
    """They have expired."""

    kind = "expired"


class NearReason(DateReason):
    """They expire within the days before which a rule stops them."""

    kind = "near"


class MissingReason(DateReason):
    """They have no date, and should have one."""

    kind = "missing"
