"""What a quality order should decide, worked out without the addon.

An order is a list of :class:`Spec`; readings are lists of values, ``None`` where none
was taken. Numbers are fractions, so that no rounding takes part.
"""

from fractions import Fraction
from typing import NamedTuple

FUNCTIONS = {
    "average": lambda values: sum(values, Fraction(0)) / len(values),
    "minimum": min,
    "maximum": max,
}


class Spec(NamedTuple):
    """A test as it is specified."""

    kind: str
    number: int = 1
    how: str = "every"
    lower: Fraction | None = None
    upper: Fraction | None = None
    acceptable: int = 0
    required: bool = True
    counts: bool = True


def passes(test, value):
    """Tell whether one value passes."""
    if test.kind in ("quantitative", "calculated"):
        low = test.lower is not None and value < test.lower
        return not low and not (test.upper is not None and value > test.upper)
    if test.kind == "attribute":
        return value <= test.acceptable
    return value is True


def judge(test, readings):
    """Return ``passed``, ``failed`` or ``None`` for the readings of a test."""
    if test.how == "every":
        known = [passes(test, value) for value in readings if value is not None]
        if not all(known):
            return "failed"
        return "passed" if len(known) == len(readings) else None
    if None in readings:
        return None
    return "passed" if passes(test, FUNCTIONS[test.how](readings)) else "failed"


def ratio(above, below):
    """Return what the calculated test makes of two tests: ``None`` until both are read,
    ``False`` where there is no value.

    :param above, below: pairs of a test and its readings
    """
    values = []
    for test, readings in (above, below):
        if None in readings:
            return None
        values.append(
            FUNCTIONS["average" if test.how == "every" else test.how](readings)
        )
    return values[0] / values[1] if values[1] else False


def decide(tests, verdicts):
    """Return the verdict on the goods, from those of the tests."""
    asked = [pair for pair in zip(tests, verdicts, strict=True) if pair[0].required]
    asked = asked or list(zip(tests, verdicts, strict=True))
    told = {"passed" if v and not test.counts else v for test, v in asked}
    return "passed" if told == {"passed"} else "failed"


def is_fatal(tests, verdicts):
    """Tell whether the goods fail already, whatever is read further."""
    return any(
        verdict == "failed" and test.required and test.counts
        for test, verdict in zip(tests, verdicts, strict=True)
    )
