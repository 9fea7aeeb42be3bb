"""Date formulas, the way that Business Central writes periods: ``1M``, ``CM+10D``.

A formula is a row of terms, each with a sign, carried out from left to right:

``nD nW nM nQ nY``
    so many days, weeks, months, quarters or years; months keep the day, or take the
    month's last one where it has no such day
``CD CW CM CQ CY``
    to the end of the current day, week (Sunday), month, quarter or year; with a minus
    to its beginning
``Dn WDn``
    to the next day n of a month, the next weekday n (1: Monday); with a minus to the
    last one before
"""

import calendar
import re
from collections import namedtuple
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

TERM = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<number>[0-9]{1,5})(?P<unit>[DWMQY])"
    r"|C(?P<current>[DWMQY])|WD(?P<weekday>[1-7])|D(?P<day>[12][0-9]|3[01]|[1-9]))"
)
PERIODS = {"D": "days", "W": "weeks", "M": "months", "Q": "months", "Y": "years"}
LENGTHS = {"Q": 3}

Term = namedtuple("Term", "sign kind value unit", defaults=("",))


class DateFormula:
    """A period that is added to a day.

    :param str text: the formula; blanks and small letters are taken too
    :raise ValueError: with what is wrong, if the text is no formula
    """

    def __init__(self, text):
        self.text = re.sub(r"\s", "", text).upper()
        self.terms = list(self._parse())

    def __str__(self):
        return self.text

    def _parse(self):
        position = 0
        while position < len(self.text):
            found = TERM.match(self.text, position)
            if not found or (position and not found["sign"]):
                raise ValueError(self.text[position:])
            yield _as_term(found)
            position = found.end()
        if not position:
            raise ValueError(self.text)

    def after(self, day):
        """Return the day that lies this period after ``day``.

        :param date day: where to start
        :return: ``date``
        :raise OverflowError: if that lies outside the calendar, years 1 to 9999
        """
        return self._move(day, 1)

    def before(self, day):
        """Return the day that this period leads back to, each term's sign turned round.

        For months and years this is no inverse of :meth:`after`: a month before
        31 March is the last of February, whose next month ends on the 28th.
        """
        return self._move(day, -1)

    def _move(self, day, direction):
        try:
            for term in self.terms:
                day = MOVES[term.kind](day, term, direction * term.sign)
        except (ValueError, OverflowError) as error:
            raise OverflowError(self.text) from error
        return day


def _as_term(found):
    sign = -1 if found["sign"] == "-" else 1
    if found["unit"]:
        return Term(sign, "period", int(found["number"]), found["unit"])
    if found["current"]:
        return Term(sign, "current", 0, found["current"])
    if found["weekday"]:
        return Term(sign, "weekday", int(found["weekday"]))
    return Term(sign, "day", int(found["day"]))


def _move_period(day, term, sign):
    count = sign * term.value * LENGTHS.get(term.unit, 1)
    return day + relativedelta(**{PERIODS[term.unit]: count})


def _move_current(day, term, sign):
    """Go to the last day of the period that ``day`` is in, or to its first."""
    first, last = _get_period(day, term.unit)
    return last if sign > 0 else first


def _get_period(day, unit):
    if unit == "D":
        return day, day
    if unit == "W":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    months = {"M": 1, "Q": 3, "Y": 12}[unit]
    month = (day.month - 1) // months * months + 1
    end = month + months - 1
    return date(day.year, month, 1), date(
        day.year, end, calendar.monthrange(day.year, end)[1]
    )


def _move_weekday(day, term, sign):
    days = (term.value - day.isoweekday()) * sign % 7 or 7
    return day + timedelta(days=sign * days)


def _move_day(day, term, sign):
    """Go to the next month that has such a day, this one included."""
    for months in range(13):
        first = day.replace(day=1) + relativedelta(months=sign * months)
        if term.value <= calendar.monthrange(first.year, first.month)[1]:
            found = first.replace(day=term.value)
            if (found - day).days * sign > 0:
                return found
    raise AssertionError("every day of a month comes within a year")


MOVES = {
    "period": _move_period,
    "current": _move_current,
    "weekday": _move_weekday,
    "day": _move_day,
}
