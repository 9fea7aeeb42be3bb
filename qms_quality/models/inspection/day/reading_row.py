"""One row of readings that a person or a program sends."""

KEYS = (
    "reading",
    "order",
    "test",
    "sample",
    "number",
    "lot",
    "value",
    "unit",
    "note",
    "reason",
)
# what the bench adds to know its cells again
IGNORED = {"test_id", "row_key"}
MAX_ID = 2**31 - 1


class RowProblem(Exception):
    """What is wrong with a row, and how to mend it, for people."""


class ReadingRow:
    """A row, what it is about and what it says.

    ``line`` is its place, counted from 1, or the line of its file. ``problem`` tells
    what is wrong with it, and ``is_unexplained`` that only the reason is missing.
    """

    __slots__ = (
        "answer",
        "data",
        "is_unexplained",
        "line",
        "old_text",
        "order",
        "problem",
        "result",
        "vals",
    )

    def __init__(self, line, data):
        self.line, self.data = line, data
        self.order = self.result = self.problem = self.old_text = None
        self.vals, self.answer, self.is_unexplained = {}, {}, False

    def get(self, key):
        """Return what the row says, ``None`` where it says nothing."""
        value = self.data.get(key)
        if isinstance(value, str):
            value = value.strip()
        return None if value is False or value == "" else value

    # -- What it does, to be shown -----------------------------------------------------

    def keep_answer(self):
        """Keep what the reading says now, before it is undone."""
        result = self.result
        if not self.problem:
            self.answer = {
                "order_name": self.order.name,
                "reading_name": result.display_name,
                "value": result._get_value_text(),
                "verdict": result.verdict,
                "is_warning": result.is_warning,
            }

    def prepare_line(self):
        """Return the values of a line of the import."""
        if self.problem:
            return {
                "line": self.line,
                "order_name": self.order.name
                if self.order
                else self._get_told("order"),
                "reading_name": self._get_told("test"),
                "value": self._get_told("value"),
                "action": "wrong",
                "is_wrong": True,
                "message": self.problem,
            }
        return {
            "line": self.line,
            **self.answer,
            "old_value": self.old_text,
            "action": self._get_action(),
        }

    def _get_told(self, key):
        return str(self.get(key) or "")[:200]

    def _get_action(self):
        if self.answer["value"] == self.old_text:
            return "same"
        return "correct" if self.old_text else "record"


def as_id(value):
    """Return a number that can be that of a record, or ``None``."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:11])
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and 0 <= value <= MAX_ID and value == int(value):
        return int(value)
    return None


def is_storable(text):
    """Tell whether the database can keep a text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
