"""The switching rules of ANSI/ASQ Z1.4, without a database.

They are asked after each lot of one product, partner, plan and class of defect, and
know the lots since the last switch only: a severity starts with a clean sheet. Lots
that were submitted again are not among them.
"""

from typing import NamedTuple

from .z14 import TOO_FEW, get_limit_number

START = "normal"
# more lots than this are never looked at
WINDOW = 100
# of how many consecutive lots two rejected ones tighten the inspection
FEW = 5
ACCEPTED_TO_NORMAL = 5
ACCEPTED_TO_REDUCED = 10
REJECTED_TO_STOP = 5


class Lot(NamedTuple):
    """A lot that was judged on its first submission."""

    accepted: bool
    # accepted on reduced inspection with a number between Ac and Re
    gap: bool
    # units sampled, of all samples, and the defects found in them
    size: int
    found: int


def get_switch(severity, lots, aql, *, reduced=False, steady=False, limits=True):
    """Return the severity that follows, or ``None`` where it stays.

    :param str severity: ``normal``, ``tightened`` or ``reduced``
    :param list lots: of :class:`Lot`, inspected under ``severity`` since it began, the
        last one just judged
    :param str aql: of the class of defects
    :param bool reduced: whether the responsible authority wants reduced inspection
    :param bool steady: whether production is steady
    :param bool limits: whether the limit numbers of Table VIII are asked
    :return: pair of the severity (or ``discontinued``) and the reason's code
    """
    if not lots:
        return None
    if severity == "tightened":
        return _leave_tightened(lots)
    if severity == "reduced":
        return _leave_reduced(lots[-1])
    if sum(not lot.accepted for lot in lots[-FEW:]) >= 2:
        return "tightened", "two_of_five"
    if reduced and steady and _is_reducible(lots, aql, limits):
        return "reduced", "ten_accepted"
    return None


def _leave_tightened(lots):
    last = lots[-ACCEPTED_TO_NORMAL:]
    if len(last) == ACCEPTED_TO_NORMAL and all(lot.accepted for lot in last):
        return "normal", "five_accepted"
    if sum(not lot.accepted for lot in lots) >= REJECTED_TO_STOP:
        return "discontinued", "five_rejected"
    return None


def _leave_reduced(lot):
    if not lot.accepted:
        return "normal", "rejected_on_reduced"
    return ("normal", "between") if lot.gap else None


def _is_reducible(lots, aql, limits):
    """Tell whether the last ten lots were accepted, with few enough defects.

    Where ten lots are too few units for Table VIII, more lots are counted.
    """
    run = []
    for lot in reversed(lots):
        if not lot.accepted:
            break
        run.append(lot)
    if len(run) < ACCEPTED_TO_REDUCED or not limits:
        return len(run) >= ACCEPTED_TO_REDUCED
    for count in range(ACCEPTED_TO_REDUCED, len(run) + 1):
        units = sum(lot.size for lot in run[:count])
        limit = get_limit_number(units, aql)
        if limit != TOO_FEW:
            found = sum(lot.found for lot in run[:count])
            return limit is not None and found <= limit
    return False
