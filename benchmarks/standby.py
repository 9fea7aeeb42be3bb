"""Traces served by a real hot standby, and by the primary while it is down."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

from odoo.sql_db import db_connect
from odoo.tools import config

from tools.postgres import Cluster

PATIENCE = 60
# The column of Odoo's log that tells which server answered.
CURSORS = re.compile(r"/json/2/qms\.trace/(\w+) HTTP[^\n]* (ro->rw|ro|rw)(?:\s|$)")
AT_LEAST = (
    "max_connections",
    "max_locks_per_transaction",
    "max_prepared_transactions",
    "max_wal_senders",
    "max_worker_processes",
)
ASKED = ("forward", "get_movements")


def run(database, lot_ids):
    """Ask a server of its own that has a replica, stop the replica, and ask again.

    :param database: :class:`~.databases.Database`
    :param dict lot_ids: lots by what they are asked for; the first is asked
    :return: ``{"standby": {method: cursor}, "down": {method: cursor}}``, the cursor
        as Odoo logs it: ``ro`` was the standby, ``rw`` the primary
    """
    lot = next(iter(lot_ids.values()))
    with database.environment(commit=True) as env:
        key = (
            env["res.users.apikeys"]
            .with_user(env.user)
            ._generate("rpc", "Benchmark", None)
        )
    database.close()
    with tempfile.TemporaryDirectory(prefix="qms-standby-") as folder:
        with standby(Path(folder)) as replica, _server(database, replica) as server:
            found = {"standby": server.ask(key, lot)}
            replica.stop()
            found["down"] = server.ask(key, lot)
    return found


class Standby(Cluster):
    """A hot standby of the server that Odoo is told to use."""

    def __init__(self, folder):
        self.parent = folder
        super().__init__()

    def _folder(self):
        if self.account:
            os.chown(self.parent, self.account.pw_uid, self.account.pw_gid)
        return self.parent

    def _socket(self):
        return self.folder

    def start(self):
        """Copy the primary, follow it, and wait until it can be read."""
        primary = {
            "-h": config["db_host"],
            "-p": config["db_port"],
            "-U": config["db_user"],
        }
        options = [
            str(part)
            for name, value in primary.items()
            if value
            for part in (name, value)
        ]
        copy = shutil.which("pg_basebackup")
        self._check(
            [copy, *options, "-D", self.data, "-R", "-X", "stream", "-c", "fast"],
            "The server can't be copied",
        )
        flags = f"-k '{self.socket}' -c listen_addresses='' -c hot_standby=on -p 5432"
        same = " ".join(f"-c {name}={value}" for name, value in _read_settings())
        self._control("start", "-o", f"{flags} {same}")


def _read_settings():
    """Return the primary's settings that a standby must not have less of."""
    with closing(db_connect("postgres").cursor()) as cr:
        cr.execute("SELECT name, setting FROM pg_settings WHERE name IN %s", [AT_LEAST])
        return cr.fetchall()


@contextmanager
def standby(folder):
    """A running :class:`Standby` for the length of a block."""
    replica = Standby(folder)
    replica.start()
    try:
        yield replica
    finally:
        replica.stop()


class _Odoo:
    """An Odoo that reads from the replica where it may."""

    def __init__(self, port, name, log):
        self.url = f"http://127.0.0.1:{port}"
        self.name = name
        self.log = log

    def wait(self):
        """Wait until it answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(f"{self.url}/web/health", timeout=5).close()
                return
            except OSError:
                time.sleep(0.5)
        raise RuntimeError(f"Odoo does not answer: {self.log.read_text()[-2000:]}")

    def ask(self, key, lot):
        """Return by which cursor each method was answered."""
        self.log.write_text("")
        for method in ASKED:
            request = urllib.request.Request(
                f"{self.url}/json/2/qms.trace/{method}",
                json.dumps({"lot_ids": [lot]}).encode(),
                {
                    "Authorization": f"bearer {key}",
                    "Content-Type": "application/json",
                    "X-Odoo-Database": self.name,
                },
            )
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                assert json.load(answer), method
        time.sleep(0.5)
        return dict(CURSORS.findall(self.log.read_text()))


@contextmanager
def _server(database, replica):
    """An :class:`_Odoo` for the length of a block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = replica.parent / "odoo.log"
    log.touch()
    command = [
        *(sys.executable, "-m", "odoo", "-c", os.environ["ODOO_RC"]),
        *("-d", database.name, "--db-filter", f"^{database.name}$"),
        *("--http-interface", "127.0.0.1", "--http-port", str(port)),
        *("--db_replica_host", str(replica.socket), "--db_replica_port", "5432"),
        *("--max-cron-threads", "0", "--log-handler", "werkzeug:INFO"),
    ]
    with log.open("a") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd="/")
    try:
        odoo = _Odoo(port, database.name, log)
        odoo.wait()
        yield odoo
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
