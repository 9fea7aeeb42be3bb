import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from ..models.evidence import audit_verify
from ..wizards import qms_audit_export
from .common import INSPECTOR
from .common_audit import COMPLIANCE, AuditCase
from .refusal_case import RefusalMixin

ADDON = Path(__file__).parents[1]
TOOL = ADDON / "models" / "evidence" / "audit_verify.py"


@tagged("post_install", "-at_install")
class TestExport(RefusalMixin, AuditCase):
    """An exported trail is checked without Odoo, against the seals in the folder."""

    def setUp(self):
        super().setUp()
        self.use_folder()
        self.hold = self.make_trail(4)
        self.other = self.make_trail(3, "L2")
        self.run_seals()

    def _export(self, records=None, **values):
        """Return the lines that the dialog hands out, opened from records' entries."""
        exports = self.env["qms.audit.export"].with_user(self.officer)
        if records:
            entries = self.trail(records)
            exports = exports.with_context(
                active_model=entries._name, active_ids=entries.ids
            )
        export = exports.create(values)
        export.action_export()
        entries = self.entries.with_user(self.officer)
        return list(entries._iterate_lines(export._get_entry_domain()))

    def _verify(self, lines, *options):
        """Run the tool as its users do; return its exit code and what it says."""
        path = Path(self.folder, "export.jsonl")
        path.write_text("".join(lines), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, TOOL, path, self.folder, *options],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def _sealed_lines(self):
        """Return the export of the two holds, as whole records."""
        records = ["--record", f"qms.hold,{self.hold.id}"]
        records += ["--record", f"qms.hold,{self.other.id}"]
        lines = [
            line
            for line in self._export()
            if json.loads(line)["res_model"] == "qms.hold"
            and json.loads(line)["res_id"] in (self.hold.id, self.other.id)
        ]
        return lines, records

    def test_intact(self):
        lines, records = self._sealed_lines()
        code, said = self._verify(lines, *records)
        self.assertEqual(code, 0, said)
        count = len(self.seals.search([]))
        self.assertIn(f"7 entries, 2 records, {count} seals: intact", said)

    def test_record(self):
        """The dialog knows from which records it was opened."""
        lines = self._export(self.hold)
        self.assertEqual(len(lines), 4)
        code, said = self._verify(lines, "--record", f"qms.hold,{self.hold.id}")
        self.assertEqual(code, 0, said)

    def test_altered(self):
        lines, records = self._sealed_lines()
        entry = json.loads(lines[2])
        entry["new_value"] = "forged"
        lines[2] = json.dumps(entry) + "\n"
        code, said = self._verify(lines, *records)
        self.assertEqual(code, 1)
        self.assertIn(
            f"BROKEN: line 3: entry 3 of qms.hold,{self.hold.id} was ALTERED", said
        )

    def test_removed_and_missing_seal(self):
        lines, records = self._sealed_lines()
        del lines[-1]
        first = min(Path(self.folder).glob("qms-seal-*.json"))
        first.unlink()
        code, said = self._verify(lines, *records)
        self.assertEqual(code, 1)
        self.assertIn("BROKEN: seal 1 is MISSING", said)
        self.assertIn(f"entry 3 of qms.hold,{self.other.id}: REMOVED", said)

    def test_altered_seal(self):
        lines, records = self._sealed_lines()
        last = max(Path(self.folder).glob("qms-seal-*.json"))
        text = last.read_text(encoding="utf-8")
        last.chmod(0o644)
        last.write_text(text.replace(f",{self.hold.id},4,", f",{self.hold.id},5,"))
        code, said = self._verify(lines, *records)
        self.assertEqual(code, 1)
        self.assertIn("was ALTERED", said)

    def test_not_checked(self):
        """Bad input is no verdict, and no traceback."""
        lines, _records = self._sealed_lines()
        Path(self.folder, "other.json").write_text("{}")
        code, said = self._verify(lines)
        self.assertEqual(code, 2)
        self.assertEqual(
            said.strip(), f"NOT CHECKED: {self.folder}/other.json is not a seal"
        )

    def test_lines_that_are_no_entries(self):
        lines, records = self._sealed_lines()
        for bad in ("{", "[]", '{"res_model": 5}', "null", '{"res_model": ["x"]}'):
            code, said = self._verify([lines[0], bad + "\n", *lines[1:]], *records)
            self.assertEqual(code, 1, said)
            self.assertIn("BROKEN: line 2: this is no entry", said)

    def test_main_in_this_process(self):
        lines, records = self._sealed_lines()
        path = Path(self.folder, "export.jsonl")
        path.write_text("".join(lines), encoding="utf-8")
        with redirect_stdout(io.StringIO()) as said:
            code = audit_verify.main([str(path), self.folder, *records], said)
        self.assertEqual(code, 0)

    def test_scope(self):
        exports = self.env["qms.audit.export"].with_user(self.officer)
        past = {
            "scope": "period",
            "date_from": "2001-01-01 00:00:00",
            "date_to": "2001-01-02 00:00:00",
        }
        ended = {**past, "date_to": past["date_from"]}
        empty = exports.create(past)
        self.assertRefusals(
            ("Say from when until when.", lambda: exports.create({"scope": "period"})),
            (
                "Open this from the entries of the records you mean.",
                lambda: exports.create({"scope": "records"}),
            ),
            ("The period ends before it begins.", lambda: exports.create(ended)),
            ("There are no entries in what you chose.", empty.action_export),
        )

    def test_too_much_for_paper(self):
        export = self.env["qms.audit.export"].with_user(self.officer).create({})
        count = export.entry_count
        with patch(f"{qms_audit_export.__name__}.PRINTED", count - 1):
            self.assertRefusals(
                (
                    f"These are {count} entries, and at most {count - 1} are printed"
                    " at once. Choose fewer records or a shorter period.",
                    export.action_print,
                )
            )

    def test_period(self):
        """From the first moment on, up to the last one, and nothing beside."""
        trail = self.trail(self.hold)
        days = ("2001-01-01", "2001-01-02", "2001-01-03", "2001-01-04")
        for entry, day in zip(trail, days, strict=True):
            self.tamper(
                "UPDATE qms_audit_entry SET date = %s WHERE id = %s", day, entry.id
            )
        lines = self._export(
            scope="period",
            date_from="2001-01-02 00:00:00",
            date_to="2001-01-04 00:00:00",
        )
        keys = [(json.loads(line)["res_id"], json.loads(line)["seq"]) for line in lines]
        self.assertEqual(keys, [(self.hold.id, one.seq) for one in trail[1:3]])

    def test_rights(self):
        with self.assertRaises(AccessError):
            self.env["qms.audit.export"].with_user(self.clerk).create({})
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._make_user("qms_stranger", INSPECTOR)
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        entries = self.entries.with_user(stranger)
        entries = entries.with_context(allowed_company_ids=company.ids)
        own = {json.loads(line)["company_id"] for line in entries._iterate_lines([])}
        self.assertLessEqual(own, {None, company.id})

    def test_print(self):
        exports = self.env["qms.audit.export"].with_user(self.officer)
        export = exports.create({"scope": "all"})
        export.write(
            {
                "scope": "records",
                "records": [["qms.hold", self.hold.id], ["qms.hold", self.other.id]],
            }
        )
        self.assertEqual(export.action_print()["report_type"], "qweb-pdf")
        report = self.env["ir.actions.report"].with_user(self.officer)
        html, _kind = report._render_qweb_html(
            "qms_quality.report_audit_trail", export.ids
        )
        self.assertEqual(html.count(b"<h3>"), 2)
        self.assertIn(self.trail(self.hold)[-1].hash.encode(), html)
        # empty cells are there as well: else the columns shift
        self.assertEqual(html.count(b"<td"), 9 * 7)


@tagged("post_install", "-at_install", "qms_pdf")
class TestPdf(AuditCase):
    def test_pdf(self):
        """The trail of a record, and of a lot, as PDF."""
        hold = self.make_trail(4)
        export = self.env["qms.audit.export"].create(
            {"scope": "records", "records": [["qms.hold", hold.id]]}
        )
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        for name, record in (
            ("qms_quality.report_audit_trail", export),
            ("qms_quality.report_lot_trail", hold.lot_id),
        ):
            content, kind = reports._render_qweb_pdf(name, record.ids)
            self.assertEqual(kind, "pdf")
            self.assertTrue(content.startswith(b"%PDF"))


@tagged("post_install", "-at_install")
class TestDownload(HttpCase):
    """The downloads ask for rights as everything does."""

    def test_download(self):
        for login, group in (("qms_c", COMPLIANCE), ("qms_i", INSPECTOR)):
            new_test_user(self.env, login, groups=f"base.group_user,{group}")
        self.env.cr.flush()
        seal = self.env["qms.audit.seal"]._make() or self.env["qms.audit.seal"].search(
            [], limit=1
        )
        users = self.env["res.users"].search([("login", "in", ("qms_c", "qms_i"))])
        exports = {
            user.login: self.env["qms.audit.export"].with_user(user).create({})
            for user in users
        }
        self.authenticate("qms_c", "qms_c")
        answer = self.url_open(f"/qms_quality/audit/export/{exports['qms_c'].id}")
        self.assertEqual(answer.status_code, 200)
        first = json.loads(answer.text.splitlines()[0])
        self.assertEqual(len(first["hash"]), 64)
        self.assertIn(".jsonl", answer.headers["Content-Disposition"])
        of_other = self.url_open(f"/qms_quality/audit/export/{exports['qms_i'].id}")
        self.assertEqual(of_other.status_code, 404)
        answer = self.url_open(f"/qms_quality/audit/seal/{seal.id}")
        self.assertEqual(answer.text, seal._get_file_text())
        self.authenticate("qms_i", "qms_i")
        answer = self.url_open(f"/qms_quality/audit/seal/{seal.id}")
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(
            self.url_open("/qms_quality/audit/export/999999").status_code, 404
        )
        self.authenticate(None, None)
        answer = self.url_open(f"/qms_quality/audit/seal/{seal.id}")
        self.assertIn("/web/login", answer.url)
