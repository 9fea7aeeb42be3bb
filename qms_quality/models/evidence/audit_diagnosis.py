"""Names what is wrong with the trail of one record.

Only run on a trail of which ``audit_verify`` knows that it is broken. Python's own
library only.
"""

import itertools
from dataclasses import dataclass, field

try:
    from .audit_hash import entry_hash
except ImportError:  # run without Odoo
    from audit_hash import entry_hash

END = float("inf")


@dataclass
class Finding:
    """What is wrong, with the first entry that shows it.

    ``kind`` is ``altered``, ``removed``, ``inserted``, ``reordered``, ``rebuilt``,
    ``backdated`` or ``unreadable``. ``seq`` to ``last`` are the numbers concerned: of a
    rebuilt trail, the altered entry is among them. From number ``since`` on, nothing
    proves the entries before it. ``position`` is where it shows, a line of a file or an
    id. ``seal`` is the number of the seal that it contradicts.
    """

    kind: str
    res_model: str = ""
    res_id: int = 0
    seq: int = 0
    last: int = 0
    position: float = END
    seal: int = 0
    since: int = 0
    entry: dict = field(default_factory=dict, repr=False)


class Mark:
    """Where a trail ended when it was sealed; ``seal`` is 0 for where it ends now."""

    __slots__ = ("hash", "seal", "seq")

    def __init__(self, seq, digest, seal=0):
        self.seq, self.hash, self.seal = seq, digest, seal


class Item:
    """An entry, where it stands, and what its content really hashes to."""

    def __init__(self, position, entry):
        self.position, self.entry = position, entry
        self.seq, self.hash = entry["seq"], entry["hash"]
        self.prev_hash = entry["prev_hash"]
        self.computed = entry_hash(entry, self.prev_hash)
        self.is_sound = self.computed == self.hash
        self.place = 0  # its true number, once known
        self.is_explained = False


class Diagnosis:
    """Follows the trail of a record back from what is sealed.

    A sealed hash proves the entry that has it, which proves the hash of the entry
    before it, and so on: every entry reached is as it was. Where no entry has the hash
    that is asked for, the entries below tell what happened.

    :param key: ``(model, id)`` of the record
    :param items: its entries, in the order in which they stand
    :param marks: its marks, ascending
    :param starts: ``{number: hash}`` of the entries that it may begin after
    """

    def __init__(self, key, items, marks, starts):
        self.key, self.items, self.findings = key, items, []
        self.before = END  # entries further down must stand before this
        self.start = self._get_start(starts)
        self.marks = [mark for mark in marks if mark.seq > self.start.seq]

    def first(self):
        """Return the first finding in the order of the entries, or ``None``."""
        marks = [self.start, *self.marks]
        for lower, upper in reversed(list(itertools.pairwise(marks))):
            self._follow(lower, upper)
        self._follow_unsealed(marks[-1])
        self._find_inserted()
        self._find_reordered()
        self._join_removed()
        return min(self.findings, key=lambda f: (f.position, f.seq), default=None)

    def _get_start(self, starts):
        numbers = {item.seq for item in self.items}
        below = [seq for seq in starts if not numbers or seq < min(numbers)]
        start = max(below, default=0)
        return Mark(start, starts.get(start, ""))

    def _report(self, kind, seq, item=None, **values):
        place = item and {"position": item.position, "entry": item.entry}
        values = {"last": seq, **(place or {}), **values}
        self.findings.append(Finding(kind, *self.key, seq, **values))

    # -- From a mark down to the one before it -----------------------------------------

    def _follow(self, lower, upper):
        required, seq, is_proven = upper.hash, upper.seq, True
        while seq > lower.seq:
            item = self._find(required)
            if not item and not is_proven:
                item = self._find_number(seq)
                required = item.hash if item else required
            if not item:
                self._explain_gap(lower, seq, upper)
                return
            is_proven = item.computed == required
            if not (is_proven and item.is_sound):
                self._report("altered", seq, item, seal=upper.seal)
            elif not upper.seal:
                seq = item.seq
                if seq <= lower.seq:
                    return
            item.place, self.before = seq, item.position
            required, seq = item.prev_hash, seq - 1
        if is_proven and required != lower.hash:
            self._report("rebuilt", lower.seq + 1, last=upper.seq, seal=lower.seal)

    def _find(self, digest):
        """Return the entry with that hash; of copies, the last that fits its place."""
        free = [item for item in self.items if not item.place]
        found = [item for item in free if item.computed == digest] or [
            item for item in free if item.hash == digest
        ]
        fitting = [item for item in found if item.position < self.before]
        return (fitting or found or [None])[-1]

    def _find_number(self, seq):
        return next(
            (i for i in self.items if i.seq == seq and i.is_sound and not i.place), None
        )

    def _explain_gap(self, lower, seq, upper):
        """Tell why no entry has the hash that entry ``seq`` must have."""
        free = [
            item
            for item in self.items
            if not item.place and lower.seq < item.seq <= seq
        ]
        linked = self._get_linked(lower, free)
        number = lower.seq + len(linked) + 1
        if number > seq:
            self._report("rebuilt", linked[0].seq, linked[0], last=seq, seal=upper.seal)
        else:
            rest = [item for item in free if item not in linked]
            self._report_break(lower, number, seq, rest, upper)
        for item in free:
            item.is_explained = True

    def _get_linked(self, lower, free):
        """Return the entries that follow each other from ``lower`` on."""
        linked, last = [], lower
        while last:
            last = next(
                (
                    item
                    for item in free
                    if item.seq == last.seq + 1
                    and item.prev_hash == last.hash
                    and item.is_sound
                ),
                None,
            )
            linked += [last] if last else []
        return linked

    def _report_break(self, lower, number, seq, rest, upper):
        common = {"seal": upper.seal, "since": lower.seq + 1}
        same = [item for item in rest if item.seq == number]
        if same:
            self._report("altered", number, same[0], **common)
            return
        later = [item for item in rest if item.seq > number]
        following = later + [item for item in self.items if item.place > number]
        self._report(
            "removed",
            number,
            last=min((item.seq for item in later), default=seq + 1) - 1,
            position=min((item.position for item in following), default=END),
            **common,
        )

    def _follow_unsealed(self, lower):
        """Follow what no mark speaks of, from the entry that is the last by number."""
        free = [i for i in self.items if not i.place and i.seq > lower.seq]
        if free:
            last = max(free, key=lambda item: (item.seq, item.is_sound))
            self._follow(lower, Mark(last.seq, last.hash))

    # -- Whatever is left --------------------------------------------------------------

    def _find_inserted(self):
        for item in self.items:
            if not item.place and not item.is_explained:
                self._report("inserted", item.seq, item)

    def _find_reordered(self):
        placed = [item for item in self.items if item.place]
        for item, expected in zip(
            placed, sorted(placed, key=lambda item: item.place), strict=True
        ):
            if item is not expected:
                self._report("reordered", item.place, item)
                return

    def _join_removed(self):
        """Make one finding of what is missing on both sides of a mark."""
        removed = sorted(
            (f for f in self.findings if f.kind == "removed"), key=lambda f: f.seq
        )
        for first, second in itertools.pairwise(removed):
            if first.last + 1 == second.seq:
                second.seq, second.since = first.seq, first.since
                second.position = min(first.position, second.position)
                self.findings.remove(first)
