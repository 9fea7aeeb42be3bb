"""Builds trails and seals as the addon does, without it, and tampers with them."""

import copy
import importlib
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

EVIDENCE = Path(__file__).parents[1] / "qms_quality" / "models" / "evidence"
BEGIN = datetime(2030, 1, 1)
VALUES = ("new", "old", "pH 6.5 – 6.8", "Ströbele", 'a "quoted" text', "", None, "7\n8")


def load(name):
    """Import a module of the evidence folder as the stand-alone tool does."""
    sys.path.insert(0, str(EVIDENCE))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(EVIDENCE))


audit_hash = load("audit_hash")
audit_seal_file = load("audit_seal_file")
audit_seal_check = load("audit_seal_check")
audit_verify = load("audit_verify")


class Trail:
    """Trails of a few records, with the seals made on the way.

    :param steps: a record's number for an entry, or ``None`` for a seal
    """

    def __init__(self, steps, value=lambda number: VALUES[number % len(VALUES)]):
        self.entries, self.seals, self.ends, self.sealed = [], [], {}, {}
        for number, step in enumerate(steps):
            self.date = BEGIN + timedelta(days=2 * number)
            if step is None:
                self.seal()
            else:
                self.write(step, value(number))

    def write(self, record, value):
        key = "qms.hold", record
        seq, digest = self.ends.get(key, (0, ""))
        entry = {
            "id": 10 + 3 * len(self.entries),
            "seq": seq + 1,
            "date": f"{self.date}",
            "user_id": 2,
            "user_name": "Ines Prüfer (inspector)",
            "res_model": key[0],
            "res_id": record,
            "record_name": f"HOLD/{record:05}",
            "event": "write",
            "field_name": "reason",
            "field_label": "Reason",
            "new_value": value,
            "transaction": str(1000 + len(self.entries)),
            "channel": "web",
            "prev_hash": digest,
        }
        entry["hash"] = audit_hash.entry_hash(entry, digest)
        self.entries.append(entry)
        self.ends[key] = entry["seq"], entry["hash"]

    def seal(self, purges=(), key=None):
        heads = [
            [*key_, *end]
            for key_, end in sorted(self.ends.items())
            if end[0] > self.sealed.get(key_, 0)
        ]
        self.sealed.update({key_: end[0] for key_, end in self.ends.items()})
        content = {
            "format": audit_seal_file.FORMAT,
            "database": "3c0c9d6a",
            "number": len(self.seals) + 1,
            "date": f"{self.date}",
            "prev_hash": self.seals[-1]["hash"] if self.seals else "",
            "entries": len(self.entries),
            "heads": heads,
            "purges": list(purges),
            "public_key": key and audit_seal_file.encode_public_key(key.public_key()),
        }
        self.seals.append(pack(content, key))

    def get_sealed(self):
        """Return the entries that a seal speaks of."""
        return [e for e in self.entries if e["seq"] <= self.sealed.get(get_key(e), 0)]

    def copy(self):
        """Return the entries, to tamper with."""
        return copy.deepcopy(self.entries)


def pack(content, key=None):
    """Return a seal as its file says it."""
    digest = audit_seal_file.seal_hash(content)
    signature = audit_seal_file.sign(key, digest) if key else None
    number = content["number"]
    return {
        "seal": content,
        "hash": digest,
        "signature": signature,
        "file": f"seal-{number}.json",
    }


def get_key(entry):
    return entry["res_model"], entry["res_id"]


def rehash(entries, key, since=1):
    """Compute the hashes of a record's trail anew, as the database's owner could."""
    last = ""
    for entry in entries:
        if get_key(entry) != key:
            continue
        if entry["seq"] >= since:
            entry["prev_hash"] = last
            entry["hash"] = audit_hash.entry_hash(entry, last)
        last = entry["hash"]


def write_export(path, entries):
    """Write entries as the addon exports them."""
    with open(path, "w", encoding="utf-8") as export:
        for entry in entries:
            export.write(json.dumps(entry, ensure_ascii=False) + "\n")


def write_seals(folder, seals):
    """Write seals into a folder."""
    for sealed in seals:
        text = audit_seal_file.seal_text(
            sealed["seal"], sealed["hash"], sealed["signature"]
        )
        (folder / sealed["file"]).write_text(text, encoding="utf-8")


class Lines(audit_verify.Export):
    """Entries that stand for an exported file."""

    def __init__(self, entries):
        super().__init__(None)
        self.entries = entries

    def __iter__(self):
        return iter(enumerate(self.entries, 1))


def verify(entries, seals, whole=True, records=()):
    """Check entries against seals; return the check."""
    evidence = audit_verify.Evidence(seals, records)
    return audit_verify.verify_export(Lines(entries), evidence, whole)
