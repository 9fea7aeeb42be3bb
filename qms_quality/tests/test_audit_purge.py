import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_audit import AuditCase


@tagged("post_install", "-at_install")
class TestPurge(AuditCase):
    """Old entries are deleted after a seal that says so has left the database."""

    def setUp(self):
        super().setUp()
        self.hold = self.make_trail(5)
        self._age(self.hold, 3)
        self.policy.with_user(self.officer).retention_years = 10

    def _age(self, hold, count):
        """Let the first entries of a trail be old, as if written then."""
        last = ""
        rows = self.entries._read_exported(
            [("res_model", "=", "qms.hold"), ("res_id", "=", hold.id)], "seq"
        )
        for row in rows:
            if row["seq"] <= count:
                row["date"] = "2010-05-05 12:00:00"
            digest = self.hash_of(row, last)
            self.tamper(
                "UPDATE qms_audit_entry SET date = %s, prev_hash = %s, hash = %s"
                " WHERE id = %s",
                row["date"],
                last,
                digest,
                row["id"],
            )
            last = digest
        self.tamper(
            "UPDATE qms_audit_head SET hash = %s WHERE res_model = 'qms.hold'"
            " AND res_id = %s",
            last,
            hold.id,
            table="qms_audit_head",
        )

    def _purge(self):
        action = self.policy.with_user(self.officer).action_purge()
        return self.env["qms.audit.purge"].browse(action["res_id"])

    def test_needs_a_delivered_seal(self):
        purge = self._purge()
        self.assertEqual((purge.state, purge.entry_count), ("waiting", 3))
        self.assertEqual(purge.user_id, self.officer)
        line = purge.line_ids
        third = self.trail(self.hold)[2]
        self.assertEqual((line.res_id, line.seq), (self.hold.id, 3))
        self.assertEqual(line.hash, third.hash)
        self.run_cron("cron_purge_audit")
        self.assertEqual(len(self.trail(self.hold)), 5, "not sealed yet")
        seal = self.run_seals()
        self.assertEqual((line.seal_id, seal.state), (seal, "waiting"))
        self.run_cron("cron_purge_audit")
        self.assertEqual(len(self.trail(self.hold)), 5, "not delivered yet")
        self.use_folder()
        self.run_cron("cron_deliver_seals")
        self.run_cron("cron_purge_audit")
        self.assertEqual(self.trail(self.hold).mapped("seq"), [4, 5])
        self.assertEqual(purge.state, "done")
        self.assertEqual(self.check().state, "intact")

    def test_shortened_by_hand_is_found(self):
        """What no sealed purge covers is missing, also from the start."""
        self.use_folder()
        self.run_seals()
        first = self.trail(self.hold)[0]
        self.tamper("DELETE FROM qms_audit_entry WHERE id = %s", first.id)
        check = self.check()
        self.assertIn(f"{self.hold.display_name}: entry 1 was removed.", check.result)

    def test_the_database_refuses_what_no_sealed_line_covers(self):
        """Whatever step of a purge has been reached, but the last one."""
        self.assertDeletionRefused()
        self._purge()
        self.assertDeletionRefused()
        self.run_seals()
        self.assertDeletionRefused()
        self.use_folder()
        self.run_cron("cron_deliver_seals")
        self.run_cron("cron_purge_audit")
        self.assertEqual(self.trail(self.hold).mapped("seq"), [4, 5])
        # the line covers what was old, and nothing that came after it
        self.assertDeletionRefused(since=4)

    def assertDeletionRefused(self, since=1):
        """The entries of the trail can't be deleted, not even one of them."""
        for entry in self.trail(self.hold).filtered(lambda e: e.seq >= since):
            with (
                self.subTest(entry.seq),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "append-only: DELETE is refuse"),
                self.cr.savepoint(),
            ):
                self.cr.execute(
                    "DELETE FROM qms_audit_entry WHERE id = %s", (entry.id,)
                )

    def test_automatic(self):
        """With a period set, the scheduled actions do it all."""
        self.use_folder()
        self.run_cron("cron_purge_audit")
        self.run_seals()
        self.run_cron("cron_purge_audit")
        self.assertEqual(self.trail(self.hold).mapped("seq"), [4, 5])
        purges = self.env["qms.audit.purge"].search([])
        self.assertEqual(len(purges), 1)
        self.run_cron("cron_purge_audit")
        self.assertEqual(self.env["qms.audit.purge"].search([]), purges)

    def test_off_by_default(self):
        self.policy.retention_years = 0
        self.run_cron("cron_purge_audit")
        self.assertFalse(self.env["qms.audit.purge"].search([]))
        with self.assertRaises(UserError) as refusal:
            self._purge()
        self.assertEqual(
            str(refusal.exception),
            "Entries are kept for ever. Set how many years they are kept first.",
        )

    def test_nothing_that_old(self):
        self.policy.retention_years = 99
        with self.assertRaisesRegex(UserError, "No entry is older than 99 years."):
            self._purge()

    def test_nobody_frees_entries_by_hand(self):
        """The database refuses to call a line sealed whose seal was not delivered."""
        purge = self._purge()
        line = purge.line_ids
        seal = self.run_seals()
        copied = f"""INSERT INTO qms_audit_purge_line
            (purge_id, res_model, res_id, seq, hash, seal_id, sealed)
            VALUES ({purge.id}, 'qms.hold', {self.hold.id}, 5, 'x', {seal.id}, true)"""
        for query in (
            f"UPDATE qms_audit_purge_line SET sealed = true WHERE id = {line.id}",
            f"UPDATE qms_audit_purge_line SET purged = true WHERE id = {line.id}",
            f"UPDATE qms_audit_purge_line SET seq = 5 WHERE id = {line.id}",
            f"UPDATE qms_audit_purge_line SET seal_id = NULL WHERE id = {line.id}",
            f"DELETE FROM qms_audit_purge_line WHERE id = {line.id}",
            copied,
        ):
            with (
                self.subTest(query),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "is set by sealing it"),
                self.cr.savepoint(),
            ):
                self.cr.execute(query)
        with self.assertRaisesRegex(AccessError, "written by the system only"):
            line.write({"sealed": True})
        with self.assertRaises(AccessError) as refusal:
            line.unlink()
        self.assertEqual(
            str(refusal.exception), "What was purged can't be deleted, by anyone."
        )
        with self.assertRaisesRegex(AccessError, "can't be changed or deleted"):
            purge.write({"entry_count": 0})

    def test_later_lines_need_a_later_seal(self):
        """A line can't be bound to a seal that has been delivered without it."""
        self.use_folder()
        old = self.run_seals()
        line = self._purge().line_ids
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, "is set by sealing it"),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "UPDATE qms_audit_purge_line SET seal_id = %s WHERE id = %s",
                (old.id, line.id),
            )
