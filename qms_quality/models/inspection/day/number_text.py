"""Numbers as people and instruments write them, without guessing."""

import re
from math import isfinite

_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_GROUPS = re.compile(r"[+-]?[0-9]{1,3}([.,])[0-9]{3}(\1[0-9]{3})*")
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'\u2019")


class NotANumber(ValueError):
    """The text is no finite number."""


class AmbiguousNumber(ValueError):
    """The text is two numbers, depending on who reads it."""


def parse_number(text, decimal_point):
    """Return the number that a text says.

    A sign that can only be the decimal one is, whatever the language. What may be
    either, such as 1.234 where people write decimal commas, is refused.

    :param str text: what was typed, pasted or exported
    :param str decimal_point: "." or ","; the sign of whoever wrote the text
    :raise NotANumber: also if it is infinite or too large
    :raise AmbiguousNumber: if it can be read in two ways
    """
    text = text.strip().replace("\u2212", "-").translate(_SPACES)
    commas, points = text.count(","), text.count(".")
    if commas and points:
        text = _drop_groups(text)
    elif commas > 1 or points > 1:
        text = _join_groups(text)
    elif (commas or points) and decimal_point not in text and _GROUPS.fullmatch(text):
        raise AmbiguousNumber(text)
    return to_finite(text.replace(",", "."))


def to_finite(value):
    """Return a value as a finite float.

    :param value: a plain text or a number
    :raise NotANumber: if it isn't one
    """
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        raise NotANumber(value)
    try:
        number = float(value)
    except OverflowError:
        raise NotANumber(value) from None
    if not isfinite(number):
        raise NotANumber(value)
    return number


def _drop_groups(text):
    """Return a text with both signs without those that group thousands."""
    decimal = max(".,", key=text.rfind)
    whole, fraction = text.rsplit(decimal, 1)
    return f"{_join_groups(whole)}.{fraction}"


def _join_groups(text):
    if not _GROUPS.fullmatch(text):
        raise NotANumber(text)
    return text.replace(".", "").replace(",", "")
