"""Sampling plans of ANSI/ASQ Z1.4, looked up without a database.

The standard's attribute tables are those of MIL-STD-105E: Table I gives a code letter
for a lot size and an inspection level, Tables II-A to II-C and III-A to III-C a plan
for a letter, an AQL and a severity. An arrow leads to the next letter that has a plan,
and the sample size goes with it.
"""

import re
from functools import cache
from typing import NamedTuple

from .z14_tables import AQLS, CODE_LETTERS, DOUBLE, LEVELS, LIMIT_NUMBERS, SINGLE

SEVERITIES = ("normal", "tightened", "reduced")

DOWN, UP, SINGLE_PLAN = "v", "^", "*"
_ARROWS = {DOWN: 1, UP: -1}
# too few units were sampled for the table of limit numbers to say anything
TOO_FEW = "too_few"


class Stage(NamedTuple):
    """One sample: its size, and the numbers that all samples so far are held against.

    ``accept`` is the largest number of defects that passes, ``reject`` the smallest
    that fails.
    """

    size: int
    accept: int
    reject: int


class Plan(NamedTuple):
    """What to do with a lot: its code letter, the letter arrows led to, the samples."""

    letter: str
    plan_letter: str
    stages: tuple


def get_letter(lot_size, level):
    """Return the code letter (Table I).

    :param int lot_size: units in the lot, at least 1
    :param str level: of :data:`LEVELS`
    :raise ValueError: for a lot without units, or an unknown level
    """
    if lot_size < 1:
        raise ValueError(f"A lot has at least one unit, not {lot_size}.")
    column = LEVELS.index(level)
    for largest, letters in CODE_LETTERS:
        if largest is None or lot_size <= largest:
            return letters[column]
    raise AssertionError("the last row has no largest lot")


def get_plan(lot_size, level, aql, severity, double=False):
    """Return the :class:`Plan` for a lot.

    Where the sample would be as large as the lot, the whole lot is inspected, and the
    numbers of the plan stay.

    :param int lot_size: units in the lot, at least 1
    :param str level: of :data:`LEVELS`
    :param str aql: of :data:`AQLS`
    :param str severity: of :data:`SEVERITIES`
    :param bool double: double sampling, else single
    :raise ValueError: for a lot without units, or an unknown level
    :raise KeyError: for an unknown severity or AQL
    """
    letter = get_letter(lot_size, level)
    plan_letter, stages = resolve(letter, aql, severity, double)
    left, capped = lot_size, []
    for stage in stages:
        capped.append(stage._replace(size=min(stage.size, left)))
        left -= capped[-1].size
    return Plan(letter, plan_letter, tuple(capped))


def resolve(letter, aql, severity, double=False):
    """Follow the arrows of the master table from a cell to a plan.

    :param str letter: code letter
    :param str aql: of :data:`AQLS`
    :param str severity: of :data:`SEVERITIES`
    :param bool double: double sampling, else single
    :return: the letter of the plan, and its stages
    """
    rows = _get_rows("double" if double else "single", severity)
    letters = list(rows)
    position, column = letters.index(letter), _get_column(aql)
    while (cell := rows[letters[position]][1][column]) in _ARROWS:
        position += _ARROWS[cell]
    found = letters[position]
    if cell == SINGLE_PLAN:
        return resolve(found, aql, severity)
    size = rows[found][0]
    return found, tuple(
        Stage(size, *map(int, part.split("/"))) for part in cell.split(":")
    )


def judge(stages, counts):
    """Return what the defects found so far mean.

    :param stages: of :class:`Stage`
    :param list counts: defects found in each sample that was inspected, not cumulative
    :return: ``passed``, ``failed``, ``gap`` (reduced inspection: passed, but above the
        acceptance number), ``more`` (take the next sample), or ``None`` where nothing
        was counted
    """
    total, answer = 0, None
    for position, (stage, count) in enumerate(zip(stages, counts, strict=False)):
        total += count
        if total <= stage.accept:
            return "passed"
        if total >= stage.reject:
            return "failed"
        is_last = position + 1 == len(stages)
        if not is_last and not stages[position + 1].size:
            # the whole lot was inspected: there is no other sample to take
            return judge([stages[-1]], [total])
        answer = "gap" if is_last else "more"
    return answer


def get_limit_number(units, aql):
    """Return the limit number for changing to reduced inspection (Table VIII).

    :param int units: units sampled in the last lots
    :param str aql: of :data:`AQLS`
    :return: how many defects there may be in them, :data:`TOO_FEW` where more lots have
        to be counted, or ``None`` where the table is blank
    """
    column, answer = _get_column(aql), "*"
    for smallest, row in _get_limit_rows():
        if units < smallest:
            break
        answer = row[column]
    return {"*": TOO_FEW, "-": None}.get(answer) if answer in "*-" else int(answer)


def _get_column(aql):
    if aql not in AQLS:
        raise KeyError(aql)
    return AQLS.index(aql)


@cache
def _get_rows(kind, severity):
    """Return ``{letter: (size, cells)}`` of a master table."""
    table = {"single": SINGLE, "double": DOUBLE}[kind][severity]
    rows = {}
    for row in re.split(r"\n(?=[A-Z])", table.strip()):
        letter, size, *cells = row.split()
        rows[letter] = (int(size), _expand(cells))
    return rows


@cache
def _get_limit_rows():
    rows = []
    for row in re.split(r"\n(?=\d+:)", LIMIT_NUMBERS.strip()):
        smallest, *cells = row.split()
        rows.append((int(smallest.rstrip(":")), _expand(cells)))
    return rows


def _expand(cells):
    """Write ``3v`` as three cells."""
    expanded = []
    for cell in cells:
        count = re.fullmatch(r"(\d+)(\D)", cell)
        expanded += [count[2]] * int(count[1]) if count else [cell]
    return tuple(expanded)
