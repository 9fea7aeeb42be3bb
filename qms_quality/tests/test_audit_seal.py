import json
import os
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import psycopg2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from ..models.evidence import (
    audit_seal_check,
    audit_seal_file,
)
from .common import INSPECTOR, MANAGER
from .common_audit import AuditCase


@tagged("post_install", "-at_install")
class TestSeal(AuditCase):
    """Seals cover what is new, follow each other, and leave the database."""

    def test_covers_what_is_new(self):
        hold = self.make_trail(3)
        seal = self.run_seals()
        self.assertEqual(len(seal), 1)
        head = self.env["qms.audit.seal.head"].search(
            [("res_model", "=", "qms.hold"), ("res_id", "=", hold.id)]
        )
        last = self.trail(hold)[-1]
        self.assertEqual((head.seal_id, head.seq, head.hash), (seal, 3, last.hash))
        self.assertEqual(seal.prev_hash, self.before[:1].hash or "")
        self.assertEqual(seal.number, len(self.before) + 1)
        hold._audit("comment")
        second = self.run_seals()
        self.assertEqual((second.entry_count, second.head_count), (1, 1))
        self.assertEqual(second.prev_hash, seal.hash)
        self.assertFalse(self.run_seals(), "nothing is new")

    def test_batches(self):
        """Where more records changed than a file should list, more seals are made."""
        for number in range(5):
            self.make_trail(1, f"L{number}")
        path = "odoo.addons.qms_quality.models.evidence.audit_seal_making.SEAL_SIZE"
        waiting = self.seals._count_unsealed()
        with patch(path, 2):
            seals = self.run_seals()
        self.assertEqual(len(seals), -(-waiting // 2))
        self.assertEqual(sum(seals.mapped("head_count")), waiting)
        self.assertEqual(self.check().state, "intact")

    def test_file_is_what_was_hashed(self):
        self.make_trail()
        seal = self.run_seals()
        sealed = json.loads(seal._get_file_text())
        self.assertEqual(audit_seal_file.seal_hash(sealed["seal"]), seal.hash)
        self.assertEqual(sealed["hash"], seal.hash)

    # -- Folder ------------------------------------------------------------------------

    def test_folder(self):
        """Seals go to the folder, the earlier ones as well."""
        self.use_folder()
        self.make_trail()
        seal = self.run_seals()
        names = [(s._get_file_name()) for s in (self.before | seal).sorted("number")]
        self.assertEqual(self.files(), names)
        self.assertEqual(seal.state, "delivered")
        path = Path(self.folder, seal._get_file_name())
        self.assertEqual(path.read_text(), seal._get_file_text())
        self.assertEqual(path.stat().st_mode & 0o222, 0, "nobody may write it")

    def test_folder_with_another_file(self):
        self.use_folder()
        name = f"qms-seal-{self._database()[:8]}-{len(self.before) + 1:06}.json"
        Path(self.folder, name).write_text("mine")
        self.make_trail()
        seal = self.run_seals()
        self.assertEqual(seal.state, "waiting")
        self.assertEqual(
            seal.delivery_ids.message,
            f"There is another file of that name: {name}. It was left alone.",
        )
        self.assertEqual(Path(self.folder, name).read_text(), "mine")

    def _database(self):
        return self.env["ir.config_parameter"].get_param("database.uuid")

    def test_folder_inside_the_data(self):
        inside = os.path.join(config["data_dir"], "seals")
        link = os.path.join(self.folder, "link")
        os.makedirs(inside, exist_ok=True)
        self.addCleanup(os.rmdir, inside)
        os.symlink(inside, link)
        self.make_trail()
        for folder in (inside, link):
            self.use_folder(folder)
            seal = self.run_seals() or self.seals.search([], limit=1)
            self.run_cron("cron_deliver_seals")
            self.assertEqual(seal.state, "waiting")
            data = os.path.realpath(config["data_dir"])
            self.assertEqual(
                seal.delivery_ids[0].message,
                f"{folder} is inside the server's data folder {data}. Whoever can"
                " change the data could change the seals: choose a folder elsewhere.",
            )
            self.assertFalse(os.listdir(inside))

    def test_folder_refusals(self):
        self.make_trail()
        self.use_folder("seals")
        seal = self.run_seals()
        self.assertEqual(seal.delivery_ids.message, "seals is not an absolute path.")
        self.use_folder("/nowhere/seals")
        self.run_cron("cron_deliver_seals")
        self.assertEqual(
            seal.delivery_ids[0].message,
            "/nowhere/seals is not a folder, or can't be reached.",
        )
        self.run_cron("cron_deliver_seals")
        self.assertEqual(len(seal.delivery_ids), 2, "the same failure is noted once")

    # -- Mail --------------------------------------------------------------------------

    def test_mail(self):
        server = self.use_mail()
        self.policy.mail_to = "archive@notary.example"
        self.run_cron("cron_deliver_seals")
        server.mails.clear()
        self.make_trail()
        seal = self.run_seals()
        (mail,) = server.mails
        self.assertEqual(mail["to"], "officer@dairy.example, archive@notary.example")
        (attachment,) = mail.iter_attachments()
        self.assertEqual(attachment.get_filename(), seal._get_file_name())
        self.assertEqual(attachment.get_content().decode(), seal._get_file_text())
        self.assertEqual(seal.state, "delivered")
        self.run_cron("cron_deliver_seals")
        self.assertEqual(len(server.mails), 1, "it is mailed once")

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_mail_is_tried_again(self):
        server = self.use_mail()
        self.make_trail()
        server.refuses = True
        seal = self.run_seals()
        self.assertEqual(seal.state, "waiting")
        self.assertIn("550", seal.delivery_ids.message)
        activity = self.policy.activity_ids
        self.assertEqual(activity.user_id, self.officer)
        self.assertEqual(activity.summary, "The seals of the audit trail need you")
        self.run_cron("cron_deliver_seals")
        self.assertEqual(self.policy.activity_ids, activity, "told once")
        server.refuses = False
        self.run_cron("cron_deliver_seals")
        self.assertEqual(seal.state, "delivered")
        self.assertEqual(
            seal.delivery_ids.sorted("id").mapped("state"), ["failed", "done"]
        )
        self.assertFalse(self.policy.activity_ids)

    def test_nowhere_to_go(self):
        self.make_trail()
        seal = self.run_seals()
        self.assertEqual(seal.state, "waiting")
        self.assertIn(
            "Seals have nowhere to go: set a mail address or a folder.",
            self.policy.activity_ids.note,
        )

    def test_bad_address(self):
        with self.assertRaisesRegex(ValidationError, "not mail addresses"):
            self.policy.with_user(self.officer).mail_to = "archive, a@b.example"

    # -- Signature ---------------------------------------------------------------------

    def _use_key(self, content=None):
        key = ed25519.Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path = os.path.join(self.folder, "key.pem")
        Path(path).write_bytes(content or pem)
        patcher = patch.dict(config.options, {"qms_seal_key": path})
        patcher.start()
        self.addCleanup(patcher.stop)
        return audit_seal_file.encode_public_key(key.public_key())

    def _read(self, seals):
        return [{**json.loads(seal._get_file_text()), "file": "file"} for seal in seals]

    def test_signature(self):
        public = self._use_key()
        self.make_trail()
        seal = self.run_seals()
        self.assertEqual(seal.public_key, public)
        sealed = self._read(self.before.sorted("number") | seal)
        self.assertFalse(audit_seal_check.check_seals(sealed, [public]).findings)
        other = audit_seal_file.encode_public_key(
            ed25519.Ed25519PrivateKey.generate().public_key()
        )
        wrong = audit_seal_check.check_seals(sealed, [other]).findings
        self.assertIn(f"the signature of seal {seal.number} is WRONG", wrong)
        self.assertEqual(self.check().state, "intact")

    def test_unusable_key(self):
        """A seal without a signature is better than none, and somebody is told."""
        self._use_key(b"no key")
        self.make_trail()
        seal = self.run_seals()
        self.assertFalse(seal.signature)
        path = os.path.join(self.folder, "key.pem")
        self.assertEqual(
            seal.delivery_ids.message,
            f"The seal is not signed, because the key can't be used: {path} is not an"
            " Ed25519 private key in PEM format without password",
        )
        self.assertEqual(self.policy.activity_ids.user_id, self.officer)

    def test_key_is_never_in_the_database(self):
        self._use_key()
        self.make_trail()
        seal = self.run_seals()
        self.assertNotIn("PRIVATE", seal._get_file_text())
        self.assertNotIn("PRIVATE", str(self.policy.read()))

    # -- Nobody changes them -----------------------------------------------------------

    def test_append_only(self):
        """As the database's user, and as superuser in Odoo."""
        self.make_trail()
        self.use_folder()
        seal = self.run_seals()
        for record in (
            seal,
            self.env["qms.audit.seal.head"].search(
                [("seal_id", "=", seal.id)], limit=1
            ),
            seal.delivery_ids,
        ):
            table, column = record._table, list(record._fields)[1]
            for query in (
                f"UPDATE {table} SET id = id WHERE id = {record.id}",
                f"DELETE FROM {table} WHERE id = {record.id}",
                f"TRUNCATE {table} CASCADE",
            ):
                with (
                    self.subTest(query),
                    mute_logger("odoo.sql_db"),
                    self.assertRaisesRegex(psycopg2.Error, "append-only"),
                    self.cr.savepoint(),
                ):
                    self.cr.execute(query)
            name = record._description
            for call in (
                lambda r=record, c=column: r.write({c: False}),
                lambda r=record: r.unlink(),
            ):
                with self.assertRaisesRegex(
                    AccessError, f"{name}: can't be changed or deleted, by anyone."
                ):
                    call()
            with self.assertRaisesRegex(
                AccessError, f"{name}: written by the system only."
            ):
                record.create({})

    def test_rights(self):
        self.make_trail()
        # their authority is an entry, too
        someone = self._make_user("a", INSPECTOR)
        manager = self._make_user("b", MANAGER)
        seal = self.run_seals()
        for user, may in (
            (someone, False),
            (self.clerk, False),
            (manager, False),
            (self.officer, True),
        ):
            with self.subTest(user=user.login):
                own = seal.with_user(user)
                if may:
                    own.action_deliver()
                    own.action_download()
                    self.policy.with_user(user).interval_number = 3
                    with self.assertRaisesRegex(UserError, "nothing new to seal"):
                        own.action_seal_now()
                    continue
                for call in (
                    own.action_deliver,
                    own.action_seal_now,
                    self.policy.with_user(user).action_seal_now,
                    self.policy.with_user(user).action_purge,
                    lambda u=user: self.policy.with_user(u).write({"mail_to": "x"}),
                ):
                    with self.assertRaises(AccessError):
                        call()
        cron = self.env.ref("qms_quality.cron_seal")
        self.assertEqual(cron.interval_number, 3)
        seal.with_user(manager).action_download()
        with self.assertRaises(AccessError):
            seal.with_user(self.clerk).action_download()

    # -- The button finds what the tool finds ------------------------------------------

    def test_check(self):
        hold = self.make_trail(4)
        self.run_seals()
        check = self.check()
        self.assertEqual(check.state, "intact")
        self.assertRegex(
            check.result, r"^[\d,]+ entries, [\d,]+ records, [\d,]+ seals?: intact$"
        )
        entry = self.trail(hold)[1]
        self.tamper(
            "UPDATE qms_audit_entry SET new_value = 'x' WHERE id = %s", entry.id
        )
        check = self.check()
        self.assertEqual((check.state, check.entry_id), ("broken", entry))
        self.assertIn(f"{hold.display_name}: entry 2 was altered.", check.result)

    def test_check_of_emptied_entry(self):
        hold = self.make_trail(4)
        self.run_seals()
        entry = self.trail(hold)[2]
        self.tamper(
            "UPDATE qms_audit_entry SET seq = NULL, hash = NULL, prev_hash = NULL"
            " WHERE id = %s",
            entry.id,
        )
        self.assertEqual(self.check().state, "broken")

    def test_check_removed_end(self):
        hold = self.make_trail(4)
        self.run_seals()
        last = self.trail(hold)[-1]
        self.tamper("DELETE FROM qms_audit_entry WHERE id = %s", last.id)
        check = self.check()
        self.assertIn(f"{hold.display_name}: entry 4 was removed.", check.result)

    def test_check_rebuilt(self):
        hold = self.make_trail(4)
        seal = self.run_seals()
        self._rebuild(hold)
        check = self.check()
        self.assertIn(
            f"{hold.display_name}: the trail was rebuilt. One of its entries 1 to 4, or"
            f" more, is not what was sealed. Seal {seal.number} shows it.",
            check.result,
        )

    def _rebuild(self, hold):
        """Change the second entry and compute all hashes anew, as an owner could."""
        last = ""
        rows = self.entries._read_exported(
            [("res_model", "=", "qms.hold"), ("res_id", "=", hold.id)], "seq"
        )
        for row in rows:
            if row["seq"] == 2:
                row["new_value"] = "forged"
            digest = self.hash_of(row, last)
            self.tamper(
                "UPDATE qms_audit_entry SET new_value = %s, prev_hash = %s, hash = %s"
                " WHERE id = %s",
                row["new_value"],
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

    def test_check_seals(self):
        self.make_trail()
        seal = self.run_seals()
        self.tamper(
            "UPDATE qms_audit_seal SET entry_count = 99 WHERE id = %s",
            seal.id,
            table="qms_audit_seal",
        )
        check = self.check()
        self.assertEqual(check.state, "broken")
        name = f"Seal {seal.number}"
        self.assertIn(f"seal {seal.number} was ALTERED ({name})", check.result)

    def test_check_goes_on_in_the_background(self):
        hold = self.make_trail(4)
        path = "odoo.addons.qms_quality.models.evidence.audit_check"
        with patch(f"{path}.SECONDS", 0), patch(f"{path}.RECORDS", 2):
            check = self.check()
            self.assertEqual((check.state, check.record_count), ("running", 0))
        with patch(f"{path}.RECORDS", 2):
            self.run_cron("cron_check_audit")
        self.assertEqual(check.state, "intact")
        with self.assertRaisesRegex(UserError, "This check has run."):
            check.action_check()
        with self.assertRaisesRegex(UserError, "What a check found can't be changed"):
            check.write({"state": "broken"})
        forged = self.env["qms.audit.check"].with_user(self.officer)
        forged = forged.with_context(default_state="intact", default_result="fine")
        self.assertEqual(forged.create({"state": "intact"}).state, "draft")
        self.assertTrue(hold)

    def test_check_of_a_part(self):
        hold, other = self.make_trail(4), self.make_trail(3, "L2")
        self.run_seals()
        entry = self.trail(other)[1]
        self.tamper(
            "UPDATE qms_audit_entry SET new_value = 'x' WHERE id = %s", entry.id
        )
        for record, state in ((hold, "intact"), (other, "broken")):
            action = self.trail(record)[:1].with_user(self.officer).action_check()
            checks = self.env["qms.audit.check"].with_user(self.officer)
            check = checks.with_context(**action["context"]).create({})
            self.assertEqual(check.scope, "records")
            check.action_check()
            self.assertEqual((check.state, check.record_count), (state, 1))
        now = fields.Datetime.now()
        day = timedelta(days=1)
        check = self.check(scope="period", date_from=now - day, date_to=now + day)
        self.assertEqual(check.state, "broken")
        check = self.check(scope="period", date_from=now + day, date_to=now + 2 * day)
        self.assertEqual((check.state, check.record_count), ("intact", 0))
        with self.assertRaisesRegex(ValidationError, "ends before it begins"):
            self.check(scope="period", date_from=now, date_to=now - day)
