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
        self.vals, self.is_unexplained = {}, False

    def get(self, key):
        """Return what the row says, ``None`` where it says nothing."""
        value = self.data.get(key)
        if isinstance(value, str):
            value = value.strip()
        return None if value is False or value == "" else value


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
