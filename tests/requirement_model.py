"""Whether a value meets a criterion, written without the addon's code.

Numbers are :class:`fractions.Fraction`, so that nothing is lost; everything else is
compared as it is. ``None`` is a value that nobody recorded.
"""

from fractions import Fraction


def meets(kind, operator, wanted, value, tolerance=0):
    """Tell what a criterion says of a value: ``met``, ``departs`` or ``missing``.

    :param str kind: type of the attribute
    :param str operator: of the criterion
    :param tuple wanted: the values that the criterion names; two for ``between``
    :param value: of the lot
    :param Fraction tolerance: how far outside a number still meets
    """
    if value is None:
        return "missing"
    if kind not in ("integer", "decimal"):
        tolerance = 0
    return "met" if _compare(operator, wanted, value, tolerance) else "departs"


def _compare(operator, wanted, value, tolerance):
    if operator == "exists":
        return True
    if operator in ("in", "not in"):
        return (value in wanted) is (operator == "in")
    first = wanted[0]
    if operator == "!=":
        return value != first
    if operator == "=":
        return abs(value - first) <= tolerance if tolerance else value == first
    if operator == "<=":
        return value <= first + tolerance if tolerance else value <= first
    if operator == ">=":
        return value >= first - tolerance if tolerance else value >= first
    low, high = wanted
    if tolerance:
        low, high = low - tolerance, high + tolerance
    return low <= value <= high


def thousandths(number):
    """Return a number of thousandths as an exact fraction."""
    return Fraction(number, 1000)
