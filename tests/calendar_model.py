"""Date formulas by calendar tables and counting days, without Python's own calendar.

A day is ``(year, month, day)``; its number counts from 1 January of the year 1.
"""

LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTHS = {"M": 1, "Q": 3, "Y": 12}


def is_leap(year):
    return year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)


def length(year, month):
    """Return how many days a month has."""
    return 29 if month == 2 and is_leap(year) else LENGTHS[month - 1]


def number(day):
    """Return the number of a day."""
    year, month, rest = day
    past = year - 1
    days = past * 365 + past // 4 - past // 100 + past // 400
    return days + sum(length(year, one) for one in range(1, month)) + rest


def from_number(days):
    """Return the day with a number."""
    year = max(1, days // 366)
    while number((year + 1, 1, 1)) <= days:
        year += 1
    month, rest = 1, days - number((year, 1, 1)) + 1
    while rest > length(year, month):
        rest -= length(year, month)
        month += 1
    return year, month, rest


def weekday(day):
    """Return 1 for Monday to 7 for Sunday: 1 January of the year 1 was a Monday."""
    return (number(day) - 1) % 7 + 1


def add_months(day, months):
    year, month, rest = day
    total = year * 12 + month - 1 + months
    year, month = total // 12, total % 12 + 1
    return year, month, min(rest, length(year, month))


def move(day, terms, backwards=False):
    """Return where a row of terms leads.

    :param list terms: ``(sign, kind, value)``; kinds are the letters of periods, the
        same after a C, ``WD`` and ``day``
    """
    for sign, kind, value in terms:
        day = step(day, -sign if backwards else sign, kind, value)
    return day


def step(day, sign, kind, value):
    """Carry out one term."""
    if kind in ("D", "W"):
        return from_number(number(day) + sign * value * (7 if kind == "W" else 1))
    if kind in MONTHS:
        return add_months(day, sign * value * MONTHS[kind])
    if kind == "WD":
        return look_for(day, sign, lambda one: weekday(one) == value)
    if kind == "day":
        return look_for(day, sign, lambda one: one[2] == value)
    return to_edge(day, sign, kind[1:])


def look_for(day, sign, is_found):
    """Walk day by day to the next that fits, never to where one starts."""
    while True:
        day = from_number(number(day) + sign)
        if is_found(day):
            return day


def to_edge(day, sign, unit):
    """Walk day by day while one stays in the same day, week, month, quarter, year."""
    while True:
        beyond = from_number(number(day) + sign)
        if period(beyond, unit) != period(day, unit):
            return day
        day = beyond


def period(day, unit):
    year, month, _rest = day
    return {
        "D": day,
        "W": (number(day) - 1) // 7,
        "M": (year, month),
        "Q": (year, (month - 1) // 3),
        "Y": year,
    }[unit]


def write(terms):
    """Return the terms as a formula."""
    parts = []
    for sign, kind, value in terms:
        text = {"WD": f"WD{value}", "day": f"D{value}"}.get(kind, f"{value}{kind}")
        if kind.startswith("C"):
            text = kind
        parts.append(f"{'-' if sign < 0 else '+' if parts else ''}{text}")
    return "".join(parts)
