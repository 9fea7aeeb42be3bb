"""Traces served by a real hot standby, and by the primary while it is down."""

import json
import os
import re
import shutil
import tempfile
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

from odoo.sql_db import db_connect
from odoo.tools import config

from tools.postgres import Cluster

from .server import PATIENCE, serving

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
        with standby(Path(folder)) as replica, _serving(database, replica) as server:
            found = {"standby": _ask(server, key, lot)}
            replica.stop()
            found["down"] = _ask(server, key, lot)
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


def _serving(database, replica):
    """Return an Odoo that reads from the replica where it may."""
    options = ("--db_replica_host", replica.socket, "--db_replica_port", "5432")
    return serving(database, replica.parent, *map(str, options))


def _ask(server, key, lot):
    """Return by which cursor each method was answered."""
    server.log.write_text("")
    for method in ASKED:
        request = urllib.request.Request(
            f"{server.url}/json/2/qms.trace/{method}",
            json.dumps({"lot_ids": [lot]}).encode(),
            {
                "Authorization": f"bearer {key}",
                "Content-Type": "application/json",
                "X-Odoo-Database": server.name,
            },
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            assert json.load(answer), method
    time.sleep(0.5)
    return dict(CURSORS.findall(server.log.read_text()))
