"""Two who write about one record at the same time: one chain, without a gap."""

import psycopg2

from odoo.tests import tagged

from odoo.addons.qms_quality.models.evidence.audit_hash import (
    HASHED_FIELDS,
    entry_hash,
)

from .race_case import TIMEOUT, RaceCase, Step


@tagged("standard", "post_install", "-at_install")
class TestAuditRace(RaceCase):
    """On real connections, as two requests."""

    def _make(self, env):
        self.test_id = env["qms.test"].create({"name": "Race", "code": "RACE"}).id
        self.product_ids.append(env["product.product"].create({"name": "Race"}).id)

    def _clean_more(self, env):
        env["qms.test"].browse(self.test_id).unlink()

    def _write(self, **vals):
        return Step(self, lambda env: env["qms.test"].browse(self.test_id).write(vals))

    def _tell(self, event):
        def work(env):
            env["qms.test"].browse(self.test_id)._audit(event)
            env.cr.flush()

        return Step(self, work)

    def _get_chain(self):
        with self.transaction() as env:
            env.cr.execute(
                "SELECT *, to_char(date, 'YYYY-MM-DD HH24:MI:SS') AS date"
                " FROM qms_audit_entry WHERE res_model = 'qms.test' AND res_id = %s"
                " ORDER BY seq",
                [self.test_id],
            )
            return env.cr.dictfetchall()

    def assertChain(self, *events):
        """Expect these events after the record's making, in an unbroken chain."""
        rows, last = self._get_chain(), ""
        self.assertEqual([row["event"] for row in rows], ["create", *events])
        for number, row in enumerate(rows, 1):
            values = {name: row[name] for name in HASHED_FIELDS}
            self.assertEqual((row["seq"], row["prev_hash"]), (number, last))
            self.assertEqual(row["hash"], entry_hash(values, last))
            last = row["hash"]

    def test_two_tell_at_once(self):
        first, second = self._tell("reviewed"), self._tell("approved")
        self._race(first, second)
        self.assertIsNone(first.crash or second.crash)
        self.assertEqual((first.runs, second.runs), (1, 2))
        self.assertChain("reviewed", "approved")

    def test_two_write_at_once(self):
        self._race(self._write(decimals=3), self._write(code="RACE-2"))
        self.assertChain("write", "write")

    def test_two_first_entries_at_once(self):
        # about records that have no trail yet: nothing is there to be locked
        with self.transaction() as env:
            partner_id = env["res.partner"].create({"name": "Race"}).id
            env.cr.execute(
                "SELECT count(*) FROM qms_audit_head WHERE res_model = 'res.partner'"
                " AND res_id = %s",
                [partner_id],
            )
            self.assertEqual(env.cr.fetchone(), (0,))

        def tell(env):
            env["res.partner"].browse(partner_id)._audit("qualified")
            env.cr.flush()

        first, second = Step(self, tell), Step(self, tell)
        self._race(first, second)
        self.assertIsNone(first.crash or second.crash)
        with self.transaction() as env:
            partner = env["res.partner"].browse(partner_id)
            domain = [("res_model", "=", "res.partner"), ("res_id", "=", partner_id)]
            entries = env["qms.audit.entry"].search(domain, order="seq")
            self.assertEqual(entries.mapped("seq"), [1, 2])
            partner.unlink()

    def test_two_records_do_not_wait(self):
        with self.transaction() as env:
            other_id = env["qms.test"].create({"name": "Other", "code": "OTHER"}).id
        first = self._tell("reviewed")
        self._start(first)
        self.assertTrue(first.ready.wait(TIMEOUT))

        def work(env):
            env.cr.execute("SET LOCAL lock_timeout = '2s'")
            env["qms.test"].browse(other_id)._audit("reviewed")
            env.cr.flush()

        second = Step(self, work)
        self._start(second)
        second.finish()
        first.finish()
        with self.transaction() as env:
            env["qms.test"].browse(other_id).unlink()

    def test_as_the_applications_own_database_user(self):
        for statement in (
            "UPDATE qms_audit_entry SET reason = 'nothing happened'",
            "DELETE FROM qms_audit_entry",
            "TRUNCATE qms_audit_entry CASCADE",
            "UPDATE qms_audit_head SET seq = seq - 1",
            "DELETE FROM qms_audit_head",
        ):
            with self.subTest(statement), self.registry.cursor() as cr:
                cr.execute("SELECT current_user, count(*) FROM qms_audit_entry")
                self.assertTrue(cr.fetchone()[1])
                with self.assertRaises(psycopg2.errors.RestrictViolation) as refusal:
                    cr.execute(statement, log_exceptions=False)
                self.assertRegex(
                    str(refusal.exception),
                    f"^(The audit trail is append-only|The end of an audit trail only"
                    f" moves on): {statement.split()[0]} is refused",
                )
                cr.rollback()
