import os
import shutil
import socketserver
import tempfile
import threading
from email import message_from_bytes, policy
from unittest.mock import patch

from odoo.tools import SQL, config

from ..models.evidence.audit_hash import entry_hash
from .common import QmsCase

COMPLIANCE = "qms_quality.group_compliance_officer"


class MailHandler(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as it takes to be sent a mail, or to refuse it."""

    def handle(self):
        self.say("220 test")
        for line in iter(self.rfile.readline, b""):
            command = line.strip().upper()
            if command == b"DATA":
                self.say("354 go on")
                self.receive()
            elif command.startswith(b"RCPT") and self.server.refuses:
                self.say("550 no such mailbox")
            elif command == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def receive(self):
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            lines.append(line[1:] if line.startswith(b"..") else line)
        data = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.mails.append(data)
        self.say("250 taken")


class MailServer(socketserver.ThreadingTCPServer):
    """A real mail server on this machine."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), MailHandler)
        self.mails, self.refuses = [], False
        threading.Thread(target=self.serve_forever, daemon=True).start()


class AuditCase(QmsCase):
    """A trail, a compliance officer, a mail server and a folder for seals.

    Mail is really sent. The trails are those of this test only: what was there before
    is sealed in ``setUpClass``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._make_user("qms_compliance", COMPLIANCE)
        cls.officer.email = "officer@dairy.example"
        group = cls.env.ref(COMPLIANCE)
        group.user_ids = cls.officer
        cls.policy = cls.env.ref("qms_quality.audit_policy")
        cls.policy.mail_seals = False
        cls.policy.activity_ids.unlink()
        cls.seals = cls.env["qms.audit.seal"]
        cls.entries = cls.env["qms.audit.entry"]
        cls._write_pending()
        while cls.seals._make():
            pass
        cls.before = cls.seals.search([])

    @classmethod
    def _write_pending(cls):
        """Write the entries that Odoo writes at the end of a transaction."""
        cls.env.cr.flush()

    def setUp(self):
        super().setUp()
        self.folder = tempfile.mkdtemp(prefix="qms-seals-")
        self.addCleanup(shutil.rmtree, self.folder)

    def use_folder(self, path=None):
        """Set the folder as the server's configuration file does."""
        patcher = patch.dict(config.options, {"qms_seal_folder": path or self.folder})
        patcher.start()
        self.addCleanup(patcher.stop)

    def use_mail(self):
        """Mail seals to a server of our own, which is returned."""
        server = MailServer()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {
                "name": "Seals",
                "smtp_host": "127.0.0.1",
                "smtp_port": server.server_address[1],
            }
        )
        # tests send no mail unless they are told to
        model = self.env.registry["ir.mail_server"]
        patcher = patch.object(model, "_disable_send", lambda *args: False)
        patcher.start()
        self.addCleanup(patcher.stop)
        self.policy.mail_seals = True
        return server

    def make_trail(self, count=3, name="L1"):
        """Return a hold with ``count`` entries in its trail."""
        lot = self._make_lot(name)
        hold = self._hold(lot=lot)
        for number in range(count - self._count(hold)):
            hold._audit("comment", {"comment": (None, f"Remark {number}")})
        self._write_pending()
        return hold

    def _count(self, record):
        self._write_pending()
        return self.entries.search_count(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def trail(self, record):
        """Return the entries of a record, oldest first."""
        return self.entries.search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="seq"
        )

    def run_cron(self, name):
        """Run a scheduled action as the scheduler does."""
        self._write_pending()
        with self.enter_registry_test_mode():
            self.env.ref(f"qms_quality.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def run_seals(self):
        """Run the scheduled action; return the seals that it made."""
        before = self.seals.search([])
        self.run_cron("cron_seal")
        return self.seals.search([]) - before

    def tamper(self, query, *values, table="qms_audit_entry"):
        """Change the database as its owner could, past the triggers."""
        self.env.flush_all()
        name = SQL.identifier(table)
        self.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", name))
        self.env.cr.execute(query, values)
        self.env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", name))
        self.env.invalidate_all()

    def check(self, **values):
        """Check the trail by its button; return the check."""
        checks = self.env["qms.audit.check"].with_user(self.officer)
        check = checks.create({"scope": "all", **values})
        check.action_check()
        return check

    def hash_of(self, entry, last):
        """Return the hash that an entry must have after another one."""
        return entry_hash(entry, last)

    def files(self):
        return sorted(name for name in os.listdir(self.folder))
