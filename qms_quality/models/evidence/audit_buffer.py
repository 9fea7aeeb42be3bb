"""What changed since the last flush, until it is written into the audit trail."""

from collections import defaultdict
from typing import NamedTuple

from .audit_channel import get_channel

_KEY = "qms_quality.audit"


class Event(NamedTuple):
    """An action on a record, with the rows that it tells in texts of its own."""

    name: str
    rows: list
    reason: str
    user_id: int


class RecordChanges:
    """What happened to one record: its values before, and the events of its actions.

    ``first`` are the values that a new record starts with.
    """

    __slots__ = ("events", "first", "is_new", "old", "reason", "user_id")

    def __init__(self, user_id):
        self.user_id = user_id
        self.old = {}
        self.events = []
        self.first = []
        self.reason = None
        self.is_new = False


class AuditBuffer:
    """The changes of one cursor.

    It lives in the data of ``cr.precommit``. Odoo runs what waits there before each
    commit and each savepoint, and clears it when a savepoint is rolled back: so what
    was undone leaves no entry.
    """

    def __init__(self, channel):
        self.channel = channel
        self.changes = defaultdict(dict)
        self.deletions = []

    @classmethod
    def of(cls, env):
        """Return the buffer of a cursor, and see that it is written."""
        data = env.cr.precommit.data
        buffer = data.get(_KEY)
        if buffer is None:
            buffer = data[_KEY] = cls(get_channel(env))
            env.cr.precommit.add(env["qms.audit.entry"]._write_pending)
        return buffer

    @classmethod
    def is_pending(cls, env, records=None):
        """Tell whether there is anything to write, of any or of some records."""
        buffer = env.cr.precommit.data.get(_KEY)
        if buffer is None or records is None:
            return buffer is not None
        return not buffer.changes.get(records._name, {}).keys().isdisjoint(records._ids)

    @classmethod
    def pop(cls, env):
        """Return the buffer of a cursor and forget it; ``None`` if there is none."""
        return env.cr.precommit.data.pop(_KEY, None)

    def get(self, records):
        """Yield each record with its changes, without records that are not saved."""
        known, uid = self.changes[records._name], records.env.uid
        reason = get_reason(records.env)
        for record in records:
            if not isinstance(record.id, int):
                continue
            changes = known.get(record.id)
            if changes is None:
                changes = known[record.id] = RecordChanges(uid)
            changes.reason = reason or changes.reason
            yield record, changes


def get_reason(env):
    """Return the reason for change that the person gave.

    It comes with the context: a reason gives no right.
    """
    reason = env.context.get("qms_reason")
    return reason.strip() if isinstance(reason, str) else None
