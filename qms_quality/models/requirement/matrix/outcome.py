"""What becomes of a lot for a partner, and how the criteria of a line decide it."""

from collections import namedtuple

OUTCOMES = [
    ("free", "No requirement"),
    ("met", "Meets"),
    ("recorded", "Departs, allowed"),
    ("waits", "Waits for a test"),
    ("approval", "Needs approval"),
    ("blocked", "Doesn't meet"),
    ("held", "Held"),
]
# worst last
RANKS = {name: rank for rank, (name, _label) in enumerate(OUTCOMES)}

# Whether one lot may go to one partner. ``line_id``: of the card that says so;
# ``failing``: (criterion id, what was found) of each that it doesn't meet; in place of
# the id stands a text where no criterion of a card asks for it.
Cell = namedtuple("Cell", "outcome line_id failing")

NO_LINE = Cell("free", False, ())


def judge_line(line, facts):
    """Return a :class:`Cell` for each of the goods.

    :param line: ``qms.qrs.line``, empty where no card says anything
    :param facts: ``GoodsFacts``
    """
    if not line:
        return [NO_LINE] * len(facts.goods)
    cells = [Cell("met", line.id, ())] * len(facts.goods)
    for criterion in line.criterion_ids._qms_filter_of_stock():
        failed = {
            "departs": criterion.departure,
            "missing": criterion.departure,
            "pending": "recorded" if criterion.departure == "recorded" else "waits",
        }
        criterion_id = criterion.id
        for position, (state, found) in enumerate(criterion._judge(facts)):
            if state != "met":
                cells[position] = worsen(
                    cells[position], failed[state], (criterion_id, found)
                )
    return cells


def worsen(cell, outcome, failing):
    """Return a :class:`Cell` with one thing more that its lot doesn't meet."""
    if RANKS[outcome] < RANKS[cell.outcome]:
        outcome = cell.outcome
    return Cell(outcome, cell.line_id, (*cell.failing, failing))
