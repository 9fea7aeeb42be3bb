"""An Odoo of its own, which answers over HTTP."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

PATIENCE = 60


class Server:
    """A running Odoo: its address, its database and its log."""

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


@contextmanager
def serving(database, folder, *options):
    """A :class:`Server` for the length of a block.

    :param database: :class:`~.databases.Database`
    :param folder: where the log is written
    :param options: of Odoo's command line, besides
    """
    port = free_port()
    log = folder / "odoo.log"
    log.touch()
    command = [
        *(sys.executable, "-m", "odoo", "-c", os.environ["ODOO_RC"]),
        *("-d", database.name, "--db-filter", f"^{database.name}$"),
        *("--http-interface", "127.0.0.1", "--http-port", str(port)),
        *("--max-cron-threads", "0", "--log-handler", "werkzeug:INFO"),
        *options,
    ]
    with log.open("a") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd="/")
    try:
        server = Server(port, database.name, log)
        server.wait()
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
