#!/usr/bin/env python3
"""Checks an exported audit trail against its seals, without Odoo.

Usage: ``audit_verify.py EXPORT.jsonl SEALS… [--key PUBLIC.pem]``, see ``--help``.
The export is read once, and once more if something is wrong with it. Memory is needed
for the records, not for their entries. Python's own library is enough; where
``cryptography`` is installed, signatures are checked too.
"""

import argparse
import bisect
import json
import operator
import sys
from datetime import datetime, timedelta

try:
    from . import audit_seal_check, audit_seal_file
    from .audit_diagnosis import END, Diagnosis, Finding, Item, Mark
    from .audit_hash import entry_hash
except ImportError:  # run without Odoo
    import audit_seal_check
    import audit_seal_file
    from audit_diagnosis import END, Diagnosis, Finding, Item, Mark
    from audit_hash import entry_hash

INTACT, BROKEN, UNCHECKED = 0, 1, 2
# Where very many trails are broken, only so many are looked into.
DIAGNOSED = 1000
# A transaction writes its entries before it ends, so a seal may miss what is older.
GRACE = timedelta(days=1)
DATE = "%Y-%m-%d %H:%M:%S"

_get_seq = operator.attrgetter("seq")


class Evidence:
    """What the seals say: where trails ended, and which were purged.

    :param seals: dicts as read by ``audit_seal_file``
    :param records: only these, as ``(model, id)``; all if empty
    """

    def __init__(self, seals=(), records=()):
        self.marks, self.starts, self.horizon = {}, {}, ""
        self.records = set(records)
        for sealed in seals:
            self._add(sealed["seal"])

    def _add(self, seal):
        for model, res_id, seq, digest in seal["heads"]:
            self.add_mark((model, res_id), Mark(seq, digest, seal["number"]))
        for model, res_id, seq, digest in seal["purges"]:
            self.add_start((model, res_id), seq, digest)
        self.set_horizon(seal["date"])

    def set_horizon(self, date):
        """Remember the date of the latest seal: what is older must be sealed."""
        horizon = (datetime.strptime(date, DATE) - GRACE).strftime(DATE)
        self.horizon = max(self.horizon, horizon)

    def add_mark(self, key, mark):
        """Add where a trail ended."""
        if not self.records or key in self.records:
            bisect.insort(self.marks.setdefault(key, []), mark, key=_get_seq)

    def add_start(self, key, seq, digest):
        """Add an entry up to which a trail was purged."""
        if not self.records or key in self.records:
            self.starts.setdefault(key, {})[seq] = digest


class End:
    """How far a trail has been followed."""

    __slots__ = ("hash", "index", "marks", "sealed", "seq")

    def __init__(self, seq, digest, marks):
        self.seq, self.hash, self.marks = seq, digest, marks
        self.sealed = max((mark.seq for mark in marks if mark.seal), default=0)
        self.index = 0
        while self.index < len(marks) and marks[self.index].seq <= seq:
            self.index += 1


class TrailCheck:
    """Follows the trails of all records at once, in the order of their entries.

    :param Evidence evidence: what the seals say
    :param bool whole: whether trails must be complete; else they may begin and end
        anywhere, as in the export of a period
    """

    def __init__(self, evidence, whole=True):
        self.evidence, self.whole = evidence, whole
        self.ends = {}
        self.broken = {}  # key -> where that showed
        self.findings = []
        self.entries = self.unsealed = 0
        self.last_id = self.misplaced_id = None

    @property
    def records(self):
        """How many records have entries."""
        return len(self.ends)

    def feed(self, entries):
        """Take entries in their order, as ``(position, entry)``."""
        for position, entry in entries:
            self.entries += 1
            self._check_order(entry.get("id"))
            key = entry["res_model"], entry["res_id"]
            end = self.ends.get(key)
            if end is None:
                end = self.ends[key] = self._begin(key, entry)
            if key not in self.broken and not self._continue(end, position, entry):
                self.broken[key] = position

    def _check_order(self, number):
        if number is None:
            return
        if self.last_id is not None and number <= self.last_id:
            if self.misplaced_id is None or number < self.misplaced_id:
                self.misplaced_id = number
        else:
            self.last_id = number

    def _begin(self, key, entry):
        marks = self.evidence.marks.get(key, ())
        if not self.whole:
            return End(entry["seq"] - 1, entry["prev_hash"], marks)
        start = entry["seq"] - 1
        starts = self.evidence.starts.get(key, {})
        return (
            End(start, starts[start], marks) if start in starts else End(0, "", marks)
        )

    def _continue(self, end, position, entry):
        """Tell whether the entry is the next of its trail, and as it was sealed."""
        digest = entry["hash"]
        if (
            entry["seq"] != end.seq + 1
            or entry["prev_hash"] != end.hash
            or entry_hash(entry, end.hash) != digest
        ):
            return False
        end.seq, end.hash = entry["seq"], digest
        while end.index < len(end.marks):
            mark = end.marks[end.index]
            if mark.seq > end.seq:
                break
            if mark.hash != digest:
                return False
            end.index += 1
        if end.seq > end.sealed:
            self._take_unsealed(end, position, entry)
        return True

    def _take_unsealed(self, end, position, entry):
        """Note an entry that no seal speaks of."""
        self.unsealed += 1
        if str(entry.get("date")) < self.evidence.horizon:
            key = entry["res_model"], entry["res_id"]
            self.findings.append(
                Finding("backdated", *key, end.seq, end.seq, position, entry=entry)
            )

    def finish(self):
        """Look for trails that end before the last entry that was sealed."""
        if not self.whole:
            return
        for key, marks in self.evidence.marks.items():
            purged = max(self.evidence.starts.get(key, ()), default=0)
            end = self.ends.get(key)
            if max(end.seq if end else 0, purged) < marks[-1].seq:
                self.broken.setdefault(key, END)

    # -- What is wrong -----------------------------------------------------------------

    def get_suspects(self):
        """Return the keys of the first broken trails."""
        return set(sorted(self.broken, key=self.broken.get)[:DIAGNOSED])

    def diagnose(self, entries_by_key):
        """Add what is wrong with broken trails.

        :param entries_by_key: ``{key: [(position, entry), …]}`` in their order
        """
        for key in self.get_suspects():
            items = [Item(*pair) for pair in entries_by_key.get(key, ())]
            finding = Diagnosis(key, items, *self._get_expected(key, items)).first()
            self.findings.append(
                finding or Finding("altered", *key, position=self.broken[key])
            )

    def _get_expected(self, key, items):
        """Return the marks and the starts that hold for a trail."""
        marks = self.evidence.marks.get(key, ())
        if self.whole or not items:
            return marks, self.evidence.starts.get(key, {})
        first = min(items, key=lambda item: (not item.is_sound, item.seq))
        last = max(item.seq for item in items if item.is_sound or item is first)
        known = [mark for mark in marks if first.seq <= mark.seq <= last]
        return known, {first.seq - 1: first.prev_hash}

    def get_first(self):
        """Return the finding that comes first, or ``None``."""
        return min(self.findings, key=lambda f: (f.position, f.seq), default=None)


# -- Files -----------------------------------------------------------------------------


class Export:
    """A file of JSON lines, one entry each."""

    def __init__(self, path):
        self.path = path
        self.unreadable = []

    def __iter__(self):
        self.unreadable = []
        with open(self.path, encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                entry = self._parse(line)
                if entry:
                    yield number, entry
                elif line.strip():
                    self.unreadable.append(Finding("unreadable", position=number))

    def _parse(self, line):
        try:
            entry = json.loads(line)
            strings = entry["res_model"], entry["hash"], entry["prev_hash"]
            numbers = entry["res_id"], entry["seq"], entry.get("id") or 0
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        is_entry = {type(value) for value in strings} == {str} and {
            type(value) for value in numbers
        } == {int}
        return entry if is_entry else None

    def get_entries(self, keys):
        """Return ``{key: [(line, entry), …]}`` of some records."""
        found = {}
        for number, entry in self:
            key = entry["res_model"], entry["res_id"]
            if key in keys:
                found.setdefault(key, []).append((number, entry))
        return found

    def get_first_after(self, number):
        """Return the line and entry with the first id greater than ``number``."""
        return next(
            (pair for pair in self if (pair[1].get("id") or 0) > number), (0, {})
        )


def verify_export(export, evidence, whole=True):
    """Check an exported trail.

    :param Export export: the file
    :param Evidence evidence: what the seals say
    :param bool whole: see :class:`TrailCheck`
    :return: the :class:`TrailCheck`, with its findings
    """
    check = TrailCheck(evidence, whole)
    check.feed(
        pair
        for pair in export
        if not evidence.records
        or (pair[1]["res_model"], pair[1]["res_id"]) in evidence.records
    )
    check.finish()
    check.findings += export.unreadable
    if check.broken:
        check.diagnose(export.get_entries(check.get_suspects()))
    if check.misplaced_id is not None and not check.findings:
        line, entry = export.get_first_after(check.misplaced_id)
        key = entry["res_model"], entry["res_id"]
        check.findings.append(
            Finding("reordered", *key, entry["seq"], entry["seq"], line, entry=entry)
        )
    return check


# -- Words -----------------------------------------------------------------------------

TEXTS = {
    "altered": "entry {seq} of {record} was ALTERED",
    "removed": "{entries} of {record}: REMOVED",
    "inserted": "entry {seq} of {record} was INSERTED",
    "reordered": "entry {seq} of {record} was RE-ORDERED",
    "rebuilt": "the trail of {record} was REBUILT: {range}",
    "backdated": "entry {seq} of {record} was INSERTED or back-dated: it is older than"
    " the latest seal, and no seal speaks of it",
    "unreadable": "this is no entry",
}


def describe(finding):
    """Return a finding as a sentence."""
    text = TEXTS[finding.kind].format(
        seq=finding.seq,
        record=f"{finding.res_model},{finding.res_id}",
        entries=f"entry {finding.seq}"
        if finding.seq == finding.last
        else f"entries {finding.seq} to {finding.last}",
        range=f"entry {finding.seq} is not what was sealed"
        if finding.seq == finding.last
        else f"one of its entries {finding.seq} to {finding.last}, or more, is not"
        " what was sealed",
    )
    where = "" if finding.position == END else f"line {int(finding.position)}: "
    seal = f" (seal {finding.seal})" if finding.seal else ""
    if 0 < finding.since < finding.seq:
        seal += f"; from entry {finding.since} on, no seal proves what is left"
    return f"{where}{text}{seal}{_describe_entry(finding.entry)}"


def _describe_entry(entry):
    parts = [
        str(entry[name])
        for name in ("date", "user_name", "record_name", "event", "field_label")
        if entry.get(name)
    ]
    return f"\n    as it stands: {', '.join(parts)}" if parts else ""


def main(arguments=None, out=None):
    """Run the tool; return 0 (intact), 1 (broken) or 2 (could not be checked)."""
    out = out or sys.stdout
    options = _get_options(arguments)
    try:
        seals = audit_seal_file.read_seals(options.seals)
        keys = [audit_seal_file.load_public_key(path) for path in options.key]
        seal_check = audit_seal_check.check_seals(seals, keys)
        evidence = Evidence(seal_check.sound, options.record)
        check = verify_export(Export(options.export), evidence, not options.partial)
    except (OSError, audit_seal_file.SealFileError) as error:
        _say(sys.stderr, f"NOT CHECKED: {error}")
        return UNCHECKED
    _print_result(check, seal_check, options, out)
    return BROKEN if check.findings or seal_check.findings else INTACT


def _say(out, line):
    out.write(f"{line}\n")


def _count(number, one, many):
    return f"{number:,} {one if number == 1 else many}"


def _print_result(check, seal_check, options, out):
    for finding in seal_check.findings:
        _say(out, f"BROKEN: {finding}")
    first = check.get_first()
    if first:
        _say(out, f"BROKEN: {describe(first)}")
    others = len(check.broken) - 1
    if others > 0:
        records = _count(others, "other record", "other records")
        _say(out, f"    and the trails of {records}")
    counts = ", ".join(
        [
            _count(check.entries, "entry", "entries"),
            _count(check.records, "record", "records"),
            _count(len(seal_check.seals), "seal", "seals"),
        ]
    )
    verdict = "broken" if check.findings or seal_check.findings else "intact"
    _say(out, f"{counts}: {verdict}")
    _print_notes(check, seal_check, options, out)


def _print_notes(check, seal_check, options, out):
    notes = list(seal_check.notes)
    if check.unsealed:
        notes.append(
            f"{_count(check.unsealed, 'entry is', 'entries are')} not sealed yet:"
            " nothing outside the database vouches for what was added since"
        )
    if options.partial:
        notes.append(
            "the export is partial: what came before the first entry of a record, and"
            " after its last one, is not checked"
        )
    elif any(finding.kind == "removed" for finding in check.findings):
        notes.append("for the export of a period or of single records, see --help")
    for note in notes:
        _say(out, f"Note: {note}")


def _get_options(arguments):
    parser = argparse.ArgumentParser(
        prog="verify_audit",
        description="Checks an exported audit trail against the seals that left the"
        " database, and names the first entry that was altered, removed, inserted or"
        " re-ordered.",
        epilog="Exit code: 0 intact, 1 broken, 2 could not be checked. Only seals kept"
        " outside the database prove anything against its owner, and only for what"
        " they have sealed.",
    )
    parser.add_argument("export", help="JSON lines, as exported")
    parser.add_argument("seals", nargs="+", help="seals' files, or folders of them")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="PEM",
        help="public key that signed the seals; again for each key ever used",
    )
    parser.add_argument(
        "--record",
        action="append",
        default=[],
        type=_parse_record,
        metavar="MODEL,ID",
        help="the export is of this record only, and must be complete; repeatable",
    )
    parser.add_argument(
        "--partial", action="store_true", help="the export is of a period only"
    )
    return parser.parse_args(arguments)


def _parse_record(text):
    model, _comma, number = text.rpartition(",")
    if not model or not number.isdigit():
        raise argparse.ArgumentTypeError("say MODEL,ID such as qms.hold,5")
    return model, int(number)


if __name__ == "__main__":
    sys.exit(main())
