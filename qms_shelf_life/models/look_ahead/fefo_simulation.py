"""What today's demand leaves over of each lot, first expired, first out.

Everything is on hand at the start. Each day's demand takes of the lot that expires
first among those that may still be sold on that day.
"""

from bisect import bisect_right
from collections import namedtuple
from datetime import date
from itertools import accumulate

# ``expiry`` says which lot goes first, ``last_day`` until when it may be sold, that day
# included. Either may be None: a lot without it goes last, and is sold on any day.
DatedLot = namedtuple("DatedLot", "key quantity expiry last_day")


class Demand:
    """What is asked for until a day: what is ordered, or what is used on average,
    whichever is more.

    They are not added up: most of what is ordered today is what is used every week.

    :param dict ordered: ``{date: quantity}``; what is due before ``start`` is due then
    :param daily: quantity used on an average day
    :param date start: the first day, on which goods are used as on any other
    """

    def __init__(self, ordered, daily, start):
        self.start, self.daily = start, daily
        self.days = sorted(day for day in ordered)
        self.totals = [0, *accumulate(ordered[day] for day in self.days)]

    def until(self, day):
        """Return what is asked for from the start until a day, that day included.

        :param day: ``date``, or None for all that is ordered
        :return: quantity; infinite where goods of no date are used up one day
        """
        if day is None:
            return float("inf") if self.daily else self.totals[-1]
        if day < self.start:
            return 0
        ordered = self.totals[bisect_right(self.days, day)]
        return max(ordered, self.daily * ((day - self.start).days + 1))


def simulate(lots, demand):
    """Return what is left over of each lot when it may no longer be sold.

    Since all lots are there from the start, what the first ones serve is always the
    first part of all demand. Each next lot goes on from there, as far as demand comes
    in until its last day.

    :param lots: iterable of :class:`DatedLot`, in any order
    :param Demand demand: what is asked for
    :return: ``{key: quantity left over}``; 0 for lots without a last day
    """
    served, left = 0, {}
    for lot in sorted(lots, key=lambda one: one.expiry or date.max):
        taken = min(lot.quantity, max(demand.until(lot.last_day) - served, 0))
        served += taken
        left[lot.key] = lot.quantity - taken if lot.last_day else 0
    return left
