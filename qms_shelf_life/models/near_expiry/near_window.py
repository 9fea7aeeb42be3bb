"""When goods come near their expiry: the window as a limit of days."""

from datetime import date
from functools import lru_cache

from ..dates.date_formula import DateFormula


@lru_cache(maxsize=1024)
def get_last_near_day(text, day):
    """Return the last expiry day that is near on a day.

    Near is a lot from ``formula.before(expiry day)`` on. The later it expires, the
    later that is, so one limit stands for the formula, and a search by date finds all.

    :param str text: a date formula
    :param date day: by the warehouse's calendar
    :return: ``date``
    """
    formula = DateFormula(text)
    first, last = date.min.toordinal(), date.max.toordinal()
    while first < last:
        middle = (first + last + 1) // 2
        if _is_near(formula, date.fromordinal(middle), day):
            first = middle
        else:
            last = middle - 1
    return date.fromordinal(first)


def _is_near(formula, expiry_day, day):
    try:
        return formula.before(expiry_day) <= day
    except OverflowError:
        # outside the calendar: before its first year, or after its last
        return expiry_day.year < date.max.year // 2
