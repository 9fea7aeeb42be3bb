"""The stand-alone tool, run as its users run it: files in, words and a code out."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from . import trail_model as model

TOOL = Path(__file__).parents[1] / "tools" / "verify_audit"
COMMAND = (sys.executable, TOOL)
# A finder that hides a package, for a Python without it.
HIDE = """import sys
class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] == 'cryptography':
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hide())
"""


class TestTool(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="qms-verify-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.seals = self.folder / "seals"
        self.seals.mkdir()
        self.trail = model.Trail([1, 2, 1, None, 1, 2, 2, None, 3, None])

    def verify(self, *options, entries=None, seals=None, command=COMMAND):
        """Write files and run the tool; return its exit code and what it says."""
        export = self.folder / "export.jsonl"
        entries = self.trail.entries if entries is None else entries
        model.write_export(export, entries)
        model.write_seals(self.seals, self.trail.seals if seals is None else seals)
        done = subprocess.run(
            [*command, export, self.seals, *options],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def test_intact(self):
        code, said = self.verify(command=[TOOL])
        self.assertEqual(
            said.splitlines(),
            [
                "7 entries, 3 records, 3 seals: intact",
                "Note: the latest seal is number 3 of 2030-01-19 00:00:00 UTC: make"
                " sure that there is no later one",
            ],
        )
        self.assertEqual(code, 0)

    def test_first_broken_entry(self):
        entries = self.trail.copy()
        entries[2]["user_name"] = entries[4]["user_name"] = "Somebody else"
        code, said = self.verify(entries=entries)
        self.assertEqual(code, 1)
        self.assertIn(
            "BROKEN: line 3: entry 2 of qms.hold,1 was ALTERED (seal 1)\n"
            "    as it stands: 2030-01-05 00:00:00, Somebody else, HOLD/00001, write,"
            " Reason\n    and the trails of 1 other record\n",
            said,
        )

    def test_not_sealed_yet(self):
        self.trail.write(3, "later")
        code, said = self.verify()
        self.assertEqual(code, 0)
        self.assertIn(
            "Note: 1 entry is not sealed yet: nothing outside the database vouches"
            " for what was added since",
            said,
        )
        self.assertIn("8 entries, 3 records, 3 seals: intact", said)

    def test_one_of_each(self):
        self.trail = model.Trail([1, None])
        code, said = self.verify()
        self.assertEqual(code, 0)
        self.assertTrue(said.startswith("1 entry, 1 record, 1 seal: intact\n"), said)

    def test_no_seals(self):
        code, said = self.verify(seals=[])
        self.assertEqual(code, 0)
        self.assertIn("there are no seals: nothing outside the database vouches", said)

    def test_missing_seal(self):
        code, said = self.verify(seals=[self.trail.seals[0], self.trail.seals[2]])
        self.assertEqual(code, 1)
        self.assertIn("BROKEN: seal 2 is MISSING", said)

    def test_altered_seal(self):
        seals = self.trail.seals
        seals[1] = {**seals[1], "seal": {**seals[1]["seal"], "entries": 99}}
        code, said = self.verify()
        self.assertEqual(code, 1)
        self.assertIn("BROKEN: seal 2 was ALTERED", said)

    def test_rebuilt_seal(self):
        """A seal made anew doesn't fit the next one."""
        content = {**self.trail.seals[1]["seal"], "entries": 99}
        self.trail.seals[1] = model.pack(content)
        code, said = self.verify()
        self.assertEqual(code, 1)
        self.assertIn("seal 3 does not follow seal 2: one of them was made anew", said)

    def test_two_seals_of_one_number(self):
        other = model.pack({**self.trail.seals[1]["seal"], "entries": 99})
        other["file"] = "other.json"
        code, said = self.verify(seals=[*self.trail.seals, other])
        self.assertEqual(code, 1)
        self.assertIn("there are two different seals 2", said)
        copy = {**self.trail.seals[1], "file": "other.json"}
        code, said = self.verify(seals=[*self.trail.seals, copy])
        self.assertEqual(code, 0, "the same seal twice is no harm")

    # -- Parts -------------------------------------------------------------------------

    def test_record(self):
        entries = [e for e in self.trail.entries if e["res_id"] == 2]
        code, said = self.verify("--record", "qms.hold,2", entries=entries)
        self.assertEqual(code, 0, said)
        code, said = self.verify("--record", "qms.hold,2", entries=entries[:-1])
        self.assertEqual(code, 1)
        self.assertIn("entry 3 of qms.hold,2: REMOVED (seal 2)", said)
        code, said = self.verify("--record", "nonsense", entries=entries)
        self.assertEqual(code, 2)

    def test_period(self):
        entries = self.trail.entries[2:5]
        code, said = self.verify("--partial", entries=entries)
        self.assertEqual(code, 0, said)
        self.assertIn("Note: the export is partial", said)
        code, said = self.verify(entries=entries)
        self.assertEqual(code, 1)
        self.assertIn("for the export of a period or of single records", said)

    def test_purged(self):
        """A trail may begin later where a seal says so, and only there."""
        first, third = self.trail.entries[0], self.trail.entries[2]
        self.trail.seal([["qms.hold", 1, first["seq"], first["hash"]]])
        code, said = self.verify(entries=self.trail.entries[1:])
        self.assertEqual(code, 0, said)
        self.assertEqual(self.verify()[0], 0, "it may also be there still")
        more = [e for e in self.trail.entries[1:] if e is not third]
        code, said = self.verify(entries=more)
        self.assertEqual(code, 1)
        self.assertIn("entry 2 of qms.hold,1: REMOVED", said)
        code, said = self.verify(entries=self.trail.entries[1:], seals=self.trail.seals)
        self.assertEqual(code, 0)

    def test_purged_without_a_seal(self):
        code, said = self.verify(entries=self.trail.entries[1:])
        self.assertEqual(code, 1)
        self.assertIn("entry 1 of qms.hold,1: REMOVED (seal 1)", said)

    # -- Signatures --------------------------------------------------------------------

    def _sign(self):
        """Make the trail again with a key; return the path of the public half."""
        key = ed25519.Ed25519PrivateKey.generate()
        self.trail = model.Trail([1, 2])
        self.trail.seal()
        self.trail.write(1, "more")
        self.trail.seal(key=key)
        self.trail.write(1, "and more")
        self.trail.seal(key=key)
        return self._write_public(key, "public.pem")

    def _write_public(self, key, name):
        path = self.folder / name
        pem = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        path.write_bytes(pem)
        return path

    def test_signed(self):
        path = self._sign()
        code, said = self.verify("--key", path)
        self.assertEqual(code, 0, said)
        self.assertIn("Note: seals before 2 are not signed", said)
        code, said = self.verify()
        self.assertEqual(code, 0)
        self.assertIn("give --key to know that the key is yours", said)

    def test_signed_by_another(self):
        self._sign()
        other = self._write_public(ed25519.Ed25519PrivateKey.generate(), "other.pem")
        code, said = self.verify("--key", other)
        self.assertEqual(code, 1)
        self.assertIn("BROKEN: the signature of seal 2 is WRONG", said)

    def test_signature_taken_away(self):
        path = self._sign()
        self.trail.seals[2]["signature"] = None
        self.assertIn("the signature of seal 3 is WRONG", self.verify()[1])
        content = {**self.trail.seals[2]["seal"], "public_key": None}
        self.trail.seals[2] = model.pack(content)
        code, said = self.verify("--key", path)
        self.assertEqual(code, 1)
        self.assertIn("BROKEN: seal 3 is NOT SIGNED, though seal 2 is", said)

    def test_without_cryptography(self):
        path = self._sign()
        (self.folder / "sitecustomize.py").write_text(HIDE)
        command = ["env", f"PYTHONPATH={self.folder}", sys.executable, TOOL]
        code, said = self.verify(command=command)
        self.assertEqual(code, 0, said)
        self.assertIn("signatures were NOT CHECKED", said)
        code, said = self.verify("--key", path, command=command)
        self.assertEqual(code, 2)
        self.assertIn("NOT CHECKED: the Python package 'cryptography' is not", said)

    # -- Bad input ---------------------------------------------------------------------

    def test_bad_input(self):
        """No traceback, whatever it is given."""
        self.verify()
        nothing = self.folder / "nothing"
        binary = self.folder / "binary.json"
        binary.write_bytes(bytes(range(256)))
        export = self.folder / "export.jsonl"
        for arguments in (
            [nothing, self.seals],
            [export, nothing],
            [export, binary],
            [export, export],
            [export, self.seals, "--key", binary],
            [export, self.seals, "--key", nothing],
            [self.folder, self.seals],
        ):
            with self.subTest(arguments):
                done = subprocess.run(
                    [*COMMAND, *arguments], capture_output=True, text=True, check=False
                )
                self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                self.assertRegex(done.stderr, "^NOT CHECKED: .*\n$")
