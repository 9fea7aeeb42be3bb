"""PostgreSQL: the server that the environment names, else a private cluster.

The private cluster listens on a socket in a folder of its own and on no network
port, so that it needs no password and meets no other server. It is tuned for
databases that can be made again: it doesn't wait for the disk.
"""

import configparser
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import console, system
from .console import CannotGoOnError
from .paths import LOCAL, ROOT

ROLE = "odoo"
SOCKET_LIMIT = 90  # the kernel's limit of 107 bytes, less the socket's own name
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "150",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "max_parallel_workers_per_gather": "0",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "2GB",
}


@dataclass(frozen=True)
class Server:
    """How to reach a server, and what this project's databases start with there."""

    host: str = ""
    port: str = ""
    user: str = ""
    password: str = ""
    prefix: str = "qms"

    def environment(self):
        """libpq's variables."""
        values = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }
        return {name: value for name, value in values.items() if value}

    def options(self):
        """Odoo's settings."""
        values = {
            "db_host": self.host,
            "db_port": self.port,
            "db_user": self.user,
            "db_password": self.password,
        }
        return {name: value for name, value in values.items() if value}

    def query(self, statement, database="postgres"):
        """Run SQL; each row of the answer is a list of texts."""
        done = subprocess.run(
            [client("psql"), "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
            + ["-d", database, "-c", statement],
            capture_output=True,
            text=True,
            env={**os.environ, **self.environment()},
        )
        if done.returncode:
            raise CannotGoOnError(
                f"PostgreSQL refuses: {' '.join(done.stderr.split())}"
            )
        return [line.split("\t") for line in done.stdout.splitlines()]


def client(program):
    """Path of one of PostgreSQL's programs."""
    found = shutil.which(program)
    return found or str(_server_folder() / program)


def _server_folder(release=None):
    """Programs of that release of the server, else of the newest."""
    folders = system.postgresql_folders()
    fitting = [f for f in folders if release in (None, f.parent.name)] or folders
    if not fitting:
        raise CannotGoOnError("PostgreSQL's programs are gone: install postgresql.")
    return fitting[-1]


def _prefix():
    """Several checkouts may share a server, but never a file store."""
    return f"qms_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]}"


def named_by_environment(environ=os.environ):
    """The server that ODOO_RC or libpq's variables name, or None."""
    if environ.get("ODOO_RC"):
        return _from_odoo_rc(Path(environ["ODOO_RC"]))
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
    if any(environ.get(name) for name in names):
        return Server(*(environ.get(name, "") for name in names), prefix=_prefix())
    return None


def _from_odoo_rc(path):
    parser = configparser.RawConfigParser()
    if not parser.read(path):
        raise CannotGoOnError(f"ODOO_RC={path} can't be read.")
    options = dict(parser.items("options")) if parser.has_section("options") else {}
    names = ("db_host", "db_port", "db_user", "db_password")
    values = (options.get(name, "") for name in names)
    return Server(
        *("" if v.lower() in ("false", "none") else v for v in values),
        prefix=_prefix(),
    )


@contextmanager
def running():
    """The server, started for as long as anything of this project needs it."""
    if server := named_by_environment():
        server.query("SELECT 1")
        yield server
        return
    with _shared_use() as cluster:
        yield cluster.server()


class Cluster:
    """The private cluster."""

    def __init__(self):
        self.account = _account()
        self.folder = self._folder()
        self.data = self.folder / "data"
        self.socket = self._socket()

    def server(self):
        """How to reach it."""
        return Server(host=str(self.socket), port="5432", user=ROLE)

    def _folder(self):
        """Below the project, or elsewhere where its account can't get there."""
        folder = LOCAL / "postgresql"
        folder.mkdir(exist_ok=True)
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        if self._run(["test", "-w", folder]).returncode == 0:
            return folder
        return self._elsewhere("/var/tmp")  # noqa: S108

    def _elsewhere(self, parent):
        key = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
        folder = Path(parent) / f"qms-{key}"
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = self.account.pw_uid if self.account else os.geteuid()
        if folder.stat().st_uid != owner:
            os.chown(folder, owner, -1)
        return folder

    def _socket(self):
        folder = self.folder / "socket"
        if len(str(folder)) > SOCKET_LIMIT:
            return self._elsewhere("/tmp")  # noqa: S108
        self._run(["mkdir", "-p", "-m", "700", folder])
        return folder

    def _run(self, command, **options):
        """Run as the unprivileged account."""
        if self.account:
            options.update(
                user=self.account.pw_uid,
                group=self.account.pw_gid,
                extra_groups=[],
            )
        return subprocess.run(
            [str(part) for part in command],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )

    def start(self):
        """Create it if there is none, and start it if it is not running."""
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if not self.is_running():
            settings = [f"-c {name}={value}" for name, value in SETTINGS.items()]
            self._control("start", "-o", f"-k '{self.socket}' {' '.join(settings)}")

    def stop(self):
        """Stop it, whoever is connected."""
        if self.is_running():
            self._control("stop", "-m", "fast")

    def is_running(self):
        """Whether it runs."""
        if not (self.data / "PG_VERSION").exists():
            return False
        status = self._run([self._program("pg_ctl"), "-D", self.data, "status"])
        return status.returncode == 0

    def _create(self):
        with console.step("Making a private PostgreSQL cluster", "5 s"):
            self._run(["rm", "-rf", self.data])
            self._check(
                [_server_folder() / "initdb", "-D", self.data, "-U", ROLE, "-N"]
                + ["-A", "trust", "-E", "UTF8", "--locale=C"],
                "PostgreSQL can't make a cluster",
            )

    def _control(self, action, *arguments):
        log = self.folder / "server.log"
        self._check(
            [self._program("pg_ctl"), "-D", self.data, "-w", "-s", "-l", log]
            + [action, *arguments],
            f"PostgreSQL doesn't {action}; see {log}",
        )

    def _program(self, name):
        return _server_folder((self.data / "PG_VERSION").read_text().strip()) / name

    def _check(self, command, failure):
        done = self._run(command)
        if done.returncode:
            full = "No space left on device" in done.stdout
            text = console.DISK_FULL if full else f"{failure}\n{done.stdout.strip()}"
            raise CannotGoOnError(text)

    def remove(self):
        """Stop it and delete its files."""
        self.stop()
        for folder in {self.folder, self.socket}:
            shutil.rmtree(folder, ignore_errors=True)


def _account():
    """The account that runs the server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotGoOnError("PostgreSQL doesn't run as root; there is no other account.")


@contextmanager
def _shared_use():
    """Start the cluster for the first user, and stop it after the last."""
    with (LOCAL / "state" / "postgresql.users").open("w") as users:
        with exclusive("postgresql"):
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster = Cluster()
            cluster.start()
        try:
            yield cluster
        finally:
            with exclusive("postgresql"):
                _stop_if_last(cluster, users)


def _stop_if_last(cluster, users):
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    cluster.stop()


@contextmanager
def exclusive(name):
    """One process of this project at a time."""
    with (LOCAL / "state" / f"{name}.lock").open("w") as lock:
        if not _locks_soon(lock):
            console.say(f"   Waiting for another run of these tools ({name}) ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _locks_soon(lock, seconds=3):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(0.05)
    return False
