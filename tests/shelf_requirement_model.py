"""What lots must meet by their dates, written without the addon's code.

Days are counted by hand: zones are fixed numbers of hours, months are looked up.
"""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction


def add(day, terms):
    """Return the day that lies a row of ``(number, unit)`` after another.

    ``E`` goes to the end of the month, whatever the number.
    """
    for number, unit in terms:
        if unit in "DW":
            day += timedelta(days=number * (7 if unit == "W" else 1))
        elif unit == "E":
            day = day.replace(day=monthrange(day.year, day.month)[1])
        else:
            months = day.year * 12 + day.month - 1 + number * (12 if unit == "Y" else 1)
            year, month = months // 12, months % 12 + 1
            day = date(year, month, min(day.day, monthrange(year, month)[1]))
    return day


def local_day(moment, hours):
    """Return the day of a moment in UTC, so many hours east."""
    return (moment + timedelta(hours=hours)).date()


def judge_life(asked, lot, day, hours):
    """Tell what a criterion says of a lot: ``met``, ``departs`` or ``missing``.

    :param asked: ``(basis, terms or percent)``
    :param dict lot: ``expiry`` and ``arrival`` (moments in UTC), ``production`` (day),
        each of which may be None
    """
    basis, wanted = asked
    if basis == "age":
        if lot["production"] is None:
            return "missing"
        return "met" if add(lot["production"], wanted) >= day else "departs"
    if lot["expiry"] is None:
        return "missing"
    expiry = local_day(lot["expiry"], hours)
    if basis == "remaining":
        return "met" if expiry >= add(day, wanted) else "departs"
    start = lot["production"] or local_day(lot["arrival"], hours)
    whole = (expiry - start).days
    if whole <= 0:
        return "departs"
    share = Fraction((expiry - day).days * 100, whole)
    return "met" if share >= wanted else "departs"


def judge_order(lot, history, lots, hours):
    """Tell what first expired, first out says of a lot, for one partner.

    :param history: ``(lot name, quantity)``, what came back negative
    """
    had = {}
    for name, quantity in history:
        had[name] = had.get(name, 0) + quantity
    kept = [lots[name]["expiry"] for name, quantity in had.items() if quantity > 0]
    days = [local_day(moment, hours) for moment in kept if moment]
    if not days:
        return "met"
    if lot["expiry"] is None:
        return "missing"
    return "met" if local_day(lot["expiry"], hours) >= max(days) else "departs"
