"""Whatever is done to sealed entries is found, and the right entry is named."""

import unittest

import hypothesis.strategies as st
from hypothesis import assume, given, seed

from . import trail_model as model
from .timecap import rounds

RECORD = st.integers(1, 4)
# Seals here and there; the last step seals all, so that every entry is sealed.
STEPS = st.lists(st.one_of(RECORD, RECORD, RECORD, st.none()), min_size=2, max_size=40)
FIELDS = [name for name in model.audit_hash.HASHED_FIELDS if name != "res_model"]
SECONDS = 4


def change(entry, name):
    """Give a field of an entry another value, of the same kind."""
    value = entry.get(name)
    if isinstance(value, int):
        entry[name] = value + 17
    elif name == "date":
        entry[name] = "2029-12-31 00:00:00"
    else:
        entry[name] = f"{value or ''}x"


class TestTampering(unittest.TestCase):
    """Each test draws trails, tampers with one thing, and asks the verifier."""

    def run_rounds(self, tamper):
        """Call ``tamper(trail, data)`` with many drawn trails, until time is over."""
        for number in rounds(SECONDS):

            @seed(number)
            @given(STEPS, st.data())
            def run(steps, data):
                trail = model.Trail([*steps, None])
                assume(trail.entries)
                self.assertFalse(model.verify(trail.entries, trail.seals).findings)
                tamper(trail, data)

            run()

    def draw(self, trail, data):
        """Return a copy of the entries, and the place of one of them."""
        return trail.copy(), data.draw(st.integers(0, len(trail.entries) - 1))

    def find(self, entries, trail, **options):
        found = model.verify(entries, trail.seals, **options).get_first()
        self.assertTrue(found, "the verifier found nothing")
        return found

    def test_altered(self):
        """One value of one entry is changed: that entry is named."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            key, seq = model.get_key(entries[index]), entries[index]["seq"]
            name = data.draw(st.sampled_from([*FIELDS, "hash"]))
            change(entries[index], name)
            found = self.find(entries, trail)
            self.assertEqual(found.position, index + 1)
            self.assertIn(found.kind, {"altered", "inserted", "removed"})
            if name not in ("res_id", "seq"):  # they say whose entry it is
                self.assertEqual((found.res_model, found.res_id), key)
                self.assertEqual(found.seq, seq)

        self.run_rounds(tamper)

    def test_altered_link(self):
        """The hash before is changed: the entry that names it is named."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            change(entries[index], "prev_hash")
            found = self.find(entries, trail)
            self.assertEqual((found.kind, found.position), ("altered", index + 1))

        self.run_rounds(tamper)

    def test_removed(self):
        """One entry is removed: its record and number are named."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            gone = entries.pop(index)
            found = self.find(entries, trail)
            self.assertEqual(found.kind, "removed")
            self.assertEqual((found.res_model, found.res_id), model.get_key(gone))
            self.assertEqual((found.seq, found.last), (gone["seq"], gone["seq"]))

        self.run_rounds(tamper)

    def test_removed_many(self):
        """Entries of one record are removed from some number on, up to another."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            key, first = model.get_key(entries[index]), entries[index]["seq"]
            last = data.draw(st.integers(first, trail.ends[key][0]))
            left = [
                entry
                for entry in entries
                if model.get_key(entry) != key or not first <= entry["seq"] <= last
            ]
            found = self.find(left, trail)
            self.assertEqual(found.kind, "removed")
            self.assertEqual((found.res_id, found.seq), (key[1], first))
            self.assertEqual(found.last, last)

        self.run_rounds(tamper)

    def test_inserted(self):
        """An entry is put in that hangs on the one before: it is named."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            after = entries[index]
            new = dict(after, seq=after["seq"] + 1, id=after["id"] + 1)
            new.update(new_value="forged", prev_hash=after["hash"])
            new["hash"] = model.audit_hash.entry_hash(new, new["prev_hash"])
            entries.insert(index + 1, new)
            found = self.find(entries, trail)
            self.assertIn(found.kind, {"inserted", "backdated"})
            self.assertEqual(found.position, index + 2)

        self.run_rounds(tamper)

    def test_inserted_and_renumbered(self):
        """The same, and the entries after it get the next numbers."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            key, seq = model.get_key(entries[index]), entries[index]["seq"]
            new = dict(entries[index], id=entries[index]["id"] - 1)
            new["new_value"] = "forged"
            new["hash"] = model.audit_hash.entry_hash(new, new["prev_hash"])
            for entry in entries:
                if model.get_key(entry) == key and entry["seq"] >= seq:
                    entry["seq"] += 1
            entries.insert(index, new)
            found = self.find(entries, trail)
            self.assertEqual((found.kind, found.position), ("inserted", index + 1))

        self.run_rounds(tamper)

    def test_copied(self):
        """An entry is there twice: the copy is named."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            place = data.draw(st.integers(0, len(entries)))
            assume(place not in (index, index + 1))
            entries.insert(place, dict(entries[index], id=None))
            found = self.find(entries, trail)
            self.assertEqual(found.kind, "inserted")
            same = {place + 1, index + 1 + (place <= index)}
            self.assertIn(found.position, same)  # nothing tells one from the other

        self.run_rounds(tamper)

    def test_reordered(self):
        """An entry stands elsewhere: the first one out of its place is named."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            place = data.draw(st.integers(0, len(entries) - 1))
            assume(place != index)
            entries.insert(place, entries.pop(index))
            found = self.find(entries, trail)
            self.assertEqual(found.kind, "reordered")
            # of one record, the trail tells; else the ids do
            moved = sorted(entries, key=lambda entry: entry["id"])
            wrong = [
                number
                for number, pair in enumerate(zip(entries, moved, strict=True), 1)
                if pair[0] is not pair[1]
            ]
            self.assertIn(found.position, wrong)

        self.run_rounds(tamper)

    def test_swapped(self):
        """Two entries of a record swap their numbers."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            key = model.get_key(entries[index])
            same = [n for n, entry in enumerate(entries) if model.get_key(entry) == key]
            other = data.draw(st.sampled_from(same))
            assume(other != index)
            first, second = entries[index], entries[other]
            first["seq"], second["seq"] = second["seq"], first["seq"]
            found = self.find(entries, trail)
            self.assertEqual(found.position, min(index, other) + 1)

        self.run_rounds(tamper)

    def test_rebuilt(self):
        """The owner changes an entry and computes all hashes after it anew.

        What was sealed before is known to be good, so the entry is among those named.
        """

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            key, seq = model.get_key(entries[index]), entries[index]["seq"]
            entries[index]["new_value"] = "forged"
            assume(trail.entries[index]["new_value"] != "forged")
            model.rehash(entries, key)
            found = self.find(entries, trail)
            self.assertEqual((found.kind, found.res_id), ("rebuilt", key[1]))
            self.assertLessEqual(found.seq, seq)
            self.assertLessEqual(seq, found.last)
            marks = [
                head[2]
                for sealed in trail.seals
                for head in sealed["seal"]["heads"]
                if tuple(head[:2]) == key
            ]
            before = max((mark for mark in marks if mark < seq), default=0)
            until = min(mark for mark in marks if mark >= seq)
            self.assertEqual((found.seq, found.last), (before + 1, until))

        self.run_rounds(tamper)

    def test_rebuilt_without(self):
        """The owner removes or adds an entry and computes everything anew."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            key, seq = model.get_key(entries[index]), entries[index]["seq"]
            if data.draw(st.booleans()):
                entries.pop(index)
                step = -1
            else:
                entries.insert(index, dict(entries[index], id=entries[index]["id"] - 1))
                step = 1  # as a copy: what is new begins after it
            for entry in entries[index + (step == 1) :]:
                if model.get_key(entry) == key:
                    entry["seq"] += step
            model.rehash(entries, key)
            found = self.find(entries, trail)
            self.assertEqual(found.res_id, key[1])
            self.assertIn(found.kind, {"rebuilt", "removed", "backdated"})
            self.assertLessEqual(found.since or found.seq, seq + (step == 1))

        self.run_rounds(tamper)

    def test_new_record(self):
        """A whole trail is added that claims to be older than the latest seal."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            new = dict(entries[index], res_id=99, seq=1, prev_hash="")
            new.update(date="2030-01-01 00:00:00", id=entries[index]["id"] + 1)
            new["hash"] = model.audit_hash.entry_hash(new, "")
            entries.insert(index + 1, new)
            found = self.find(entries, trail)
            self.assertEqual((found.kind, found.res_id), ("backdated", 99))

        self.run_rounds(tamper)

    def test_part(self):
        """In the export of a part, an alteration is found as well."""

        def tamper(trail, data):
            entries, index = self.draw(trail, data)
            first = data.draw(st.integers(0, index))
            part = entries[first:]
            check = model.verify(part, trail.seals, whole=False)
            self.assertFalse(check.findings)
            change(part[index - first], "new_value")
            found = self.find(part, trail, whole=False)
            self.assertEqual(found.position, index - first + 1)

        self.run_rounds(tamper)
