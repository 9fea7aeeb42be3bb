"""What of a lot's life must be left, or may be over. No Odoo in here."""

from collections import namedtuple
from datetime import date, timedelta
from math import ceil

# The days of one lot, in the calendar of the place where it is. ``start``: when its
# life began, which is its production, else the day it first came in.
Life = namedtuple("Life", "expiry start production")

# No formula may reach further: what does is a slip of the pen.
FURTHEST = timedelta(days=366 * 100)
LAST_DAY = date(9000, 1, 1)


class ShelfLifeRule:
    """A demand on the days of a lot.

    :param str basis: ``remaining``: it expires no earlier than the formula after the
        day; ``percent``: so much of its life is left; ``age``: the day is no later than
        the formula after its production
    :param formula: :class:`DateFormula`, but for percent
    :param Decimal percent: of the life
    """

    def __init__(self, basis, formula=None, percent=0):
        self.basis = basis
        self.formula = formula
        self.percent = percent

    def get_missing(self, life):
        """Return which of a lot's days this needs and isn't known: a name, or None."""
        if self.basis == "age":
            return None if life.production else "production"
        return None if life.expiry else "expiry"

    def get_lack(self, life, day):
        """Return how many days a lot lacks. None or less: it does.

        :param Life life: of the lot, with the days that are needed
        :param date day: on which the goods move
        """
        if self.basis == "age":
            return (self.get_earliest_production(day) - life.production).days
        if self.basis == "remaining":
            return (self.get_earliest_expiry(day) - life.expiry).days
        whole, left = (life.expiry - life.start).days, (life.expiry - day).days
        lack = ceil(self.percent * whole / 100) - left
        # what expires on the day it was made has no life that could be left
        return lack if whole > 0 else max(lack, 1)

    def get_earliest_expiry(self, day):
        """Return the first day on which a lot may expire that moves on ``day``."""
        return self.formula.after(min(day, LAST_DAY))

    def get_earliest_production(self, day):
        """Return the first day on which a lot may have been made that moves on ``day``.

        Not the formula backwards: its months and years lead to no such day. It is
        looked for, by halves: a later day never leads to an earlier one.
        """
        day = min(day, LAST_DAY)
        low, high = day - 2 * FURTHEST, day + 2 * FURTHEST
        while low < high:
            middle = low + (high - low) // 2
            if self.formula.after(middle) >= day:
                high = middle
            else:
                low = middle + timedelta(days=1)
        return low


def reaches_too_far(formula):
    """Tell whether a formula leads further than any shelf life."""
    day = date(2020, 2, 29)
    try:
        return abs(formula.after(day) - day) > FURTHEST
    except OverflowError:
        return True
