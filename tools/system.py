"""What the machine must have: Debian's packages, disk space, a free port."""

import ctypes.util
import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import console
from .console import CannotGoOnError
from .paths import LOCAL, STATE

SERVERS = Path("/usr/lib/postgresql")
NOT_OFFERED = STATE / "not-offered-by-apt"
FIRST_PORT = 8069
LAST_PORT = 65_535
FIRST_NEED = 4_000  # MB of free disk before the first set-up
LATER_NEED = 700  # MB before each later run
WITHOUT_FONTS = "Without the fonts of fonts-dejavu-core PDF reports may lack letters."
WITHOUT_MAGIC = "Without libmagic the type of an uploaded file is not looked into."
WITHOUT_PDF = (
    "Without wkhtmltopdf (Debian 13 has no package of it) PDF reports don't work, and"
    " their tests are skipped."
)


@dataclass(frozen=True)
class Need:
    """A package of Debian, how to see that it is there, and what is amiss without it.

    What has no such text can't be done without.
    """

    package: str
    present: object
    without: str = ""


def _has_venv():
    try:
        import ensurepip  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def _has(*programs):
    return lambda: any(shutil.which(program) for program in programs)


VENV = Need("python3-venv", _has_venv)
POSTGRESQL = Need("postgresql", lambda: bool(postgresql_folders()))
CLIENT = Need("postgresql-client", _has("psql"))
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
FONTS = Need("fonts-dejavu-core", DEJAVU.is_dir, WITHOUT_FONTS)
MAGIC = Need("file", lambda: bool(ctypes.util.find_library("magic")), WITHOUT_MAGIC)
PDF = Need("wkhtmltopdf", _has("wkhtmltopdf"), WITHOUT_PDF)
BROWSER = Need("chromium", _has("chromium", "chromium-browser", "google-chrome"))


def postgresql_folders():
    """Folders with a server's programs, the newest last."""
    debian = sorted(
        (path.parent for path in SERVERS.glob("*/bin/initdb")),
        key=lambda folder: float(folder.parent.name),
    )
    elsewhere = shutil.which("initdb")
    return debian or ([Path(elsewhere).resolve().parent] if elsewhere else [])


def ensure(needs):
    """Install the packages that are missing, or say which and how."""
    missing = [need for need in needs if not need.present()]
    wanted = [need for need in missing if need.package not in _not_offered()]
    if wanted and _can_install(wanted):
        _apt_get("update", "package-lists.log")
        _install([need.package for need in wanted if _is_offered(need)])
    for need in missing:
        if need.without and not need.present():
            console.say(f"   {need.without}")


def _not_offered():
    """Packages that apt did not know when it was asked."""
    return NOT_OFFERED.read_text().split() if NOT_OFFERED.exists() else []


def _is_offered(need):
    if _candidate(need.package):
        return True
    if not need.without:
        raise CannotGoOnError(
            f"apt knows no package {need.package}: add Debian's main archive to apt's"
            " sources, or install it yourself."
        )
    with NOT_OFFERED.open("a") as known:
        known.write(f"{need.package}\n")
    return False


def _can_install(wanted):
    """Whether there are apt and the rights; refuse where it can't do without."""
    packages = " ".join(need.package for need in wanted)
    if not shutil.which("apt-get"):
        refusal = f"There is no apt here; install yourself: {packages}"
    elif os.geteuid() != 0 and not shutil.which("sudo"):
        refusal = f"Neither root nor sudo: have someone run apt-get install {packages}"
    else:
        return True
    if any(not need.without for need in wanted):
        raise CannotGoOnError(refusal)
    return False


def _candidate(package):
    policy = subprocess.run(
        ["apt-cache", "policy", package],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    ).stdout
    found = [line.split()[-1] for line in policy.splitlines() if "Candidate:" in line]
    return found[0] if found and found[0] != "(none)" else None


def _install(packages):
    if not packages:
        return
    with console.step(f"Installing {', '.join(packages)}", "1 min"):
        with _no_system_cluster():
            _apt_get(
                "install", "packages.log", "--no-install-recommends", *sorted(packages)
            )


@contextmanager
def _no_system_cluster():
    """Keep Debian's package from starting a server that nobody here asked for."""
    if POSTGRESQL.present():
        yield
        return
    folder = Path("/etc/postgresql-common/createcluster.d")
    setting = folder / "qms-setup.conf"
    _as_root("mkdir", "-p", folder)
    _as_root("tee", setting, text="create_main_cluster = false\n")
    try:
        yield
    finally:
        _as_root("rm", "-f", setting)


def _as_root(*command, text=None):
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run(
        [*prefix, *map(str, command)],
        input=text,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _apt_get(action, log, *arguments):
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    settings = ["DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"]
    console.run(
        [*prefix, "env", *settings, "apt-get", "-y", "-q", action, *arguments],
        log,
        what=f"apt-get {action}",
        pattern=console.APT_NEWS,
        stdin=None,
    )


def check_disk():
    """Refuse early where the disk is too full to end well."""
    need = LATER_NEED if (LOCAL / "state" / "ready").exists() else FIRST_NEED
    free = shutil.disk_usage(LOCAL).free // 1_000_000
    if free < need:
        raise CannotGoOnError(
            f"The disk is full: {free} MB are free below {LOCAL}, {need} MB are needed."
        )


def is_free(port):
    """Whether a server can listen there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port(wanted=None):
    """The wanted port, which must be free, else the first free one from 8069."""
    if wanted:
        port = _read_port(wanted)
        if not is_free(port):
            raise CannotGoOnError(
                f"Port {wanted} is taken: choose another, as in make demo PORT=8070."
            )
        return port
    return next(port for port in range(FIRST_PORT, LAST_PORT + 1) if is_free(port))


def _read_port(wanted):
    text = str(wanted)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < LAST_PORT + 1):
        raise CannotGoOnError(
            f"{text} is no port: give a number from 1 to {LAST_PORT}, as in"
            " make demo PORT=8070."
        )
    return int(text)


def any_port():
    """Any free port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
