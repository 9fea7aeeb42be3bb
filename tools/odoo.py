"""Finds Odoo 19 and runs it."""

import hashlib
import os
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import apt, console
from .console import CannotGoOnError
from .paths import CONFIG, DATA, LOCAL, ROOT

SERIES = (19, 0)
# Users see nothing of this script, which Debian's package lacks; but the error in the
# console that its absence causes fails every browser test.
ABSENT_SCRIPT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
LOADING = r"(Loading module) (\S+) (\(\d+/\d+\))"


@dataclass(frozen=True)
class Odoo:
    """An Odoo 19: the folder for PYTHONPATH, and a key that changes with its code."""

    root: Path
    key: str
    origin: str

    @property
    def addons(self):
        """Folder of the core modules."""
        inside = self.root / "odoo" / "addons" / "stock"
        return inside.parent if inside.exists() else self.root / "addons"

    def lacks_script(self):
        """Whether this build comes without the script above."""
        return not (self.addons / ABSENT_SCRIPT).exists()


def find():
    """Odoo 19 from ODOO_HOME, else an importable one, else Debian's."""
    home = os.environ.get("ODOO_HOME")
    own = _at_home(Path(home).expanduser().resolve()) if home else _importable()
    if own:
        untested = "" if apt.is_debian() else "; untested outside Debian"
        console.say(f"   Odoo: {own.origin}{untested}")
    return own or _from_debian()


def version(root):
    """Version of the Odoo in that folder, or None where there is none."""
    release = root / "odoo" / "release.py"
    if not release.exists():
        return None
    return runpy.run_path(str(release))["version_info"][:2]


def _at_home(root):
    if version(root) != SERIES:
        raise CannotGoOnError(f"ODOO_HOME={root} is not a checkout of Odoo 19.0.")
    head = subprocess.run(
        ["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True
    )
    return Odoo(root, _short(f"{root} {head.stdout}"), f"ODOO_HOME={root}")


def _importable():
    code = "import odoo.release as r; print(r.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd="/", capture_output=True, text=True
    )
    if found.returncode:
        return None
    package = Path(found.stdout.strip()).resolve().parent
    if version(package.parent) != SERIES:
        return None
    return Odoo(_alone(package), _short(str(package)), f"importable, {package}")


def _alone(package):
    """A folder with nothing but Odoo: its neighbours must not shadow the pins."""
    folder = LOCAL / "odoo-importable"
    folder.mkdir(exist_ok=True)
    for path in (package, package.parent / "addons"):
        link = folder / path.name
        link.unlink(missing_ok=True)
        if path.exists():
            link.symlink_to(path)
    return folder


def _from_debian():
    folder = apt.fetch()
    packages = (folder / "complete").read_text().split()
    build = next(name for name in packages if name.startswith("odoo-19_"))
    root = folder / "usr" / "lib" / "python3" / "dist-packages"
    if version(root) != SERIES:
        raise CannotGoOnError(f"Debian's {build} is not Odoo 19.0: set ODOO_HOME.")
    return Odoo(root, _short(build), f"Debian's {build}")


def _short(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]


class Runner:
    """Runs Odoo and Python in the project's environment, on one server."""

    def __init__(self, odoo, python, server):
        self.odoo = odoo
        self.python = python
        self.server = server

    def environment(self, **more):
        """Variables for everything that runs inside the environment."""
        kept = {k: v for k, v in os.environ.items() if k != "ODOO_RC"}
        kept.setdefault("LANG", "C.UTF-8")
        return {
            **kept,
            **self.server.environment(),
            "PYTHONPATH": str(self.odoo.root),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(LOCAL / "hypothesis"),
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ.get('PATH', '')}",
            **more,
        }

    def config(self, database, **more):
        """Write Odoo's configuration for a database.

        :return: the file's path
        """
        settings = {
            "db_name": database,
            "dbfilter": f"^{database}$",
            "list_db": False,
            "addons_path": ROOT,
            "data_dir": DATA,
            "http_interface": "127.0.0.1",
            "max_cron_threads": 1,
            "limit_time_real": 3600,
            "screenshots": LOCAL / "screenshots",
            **self.server.options(),
            **more,
        }
        path = CONFIG / f"{database}.conf"
        lines = [f"{name} = {value}" for name, value in settings.items()]
        path.touch(mode=0o600)
        path.write_text("\n".join(["[options]", *lines]) + "\n")
        return path

    def command(self, database, *arguments, **settings):
        """The command line that runs Odoo on a database."""
        config = self.config(database, **settings)
        return [self.python, "-m", "odoo", *arguments, "-c", config]

    def run(self, database, *arguments, log, what):
        """Run Odoo to its end, showing which module it loads."""
        return console.run(
            self.command(database, *arguments),
            log,
            what=what,
            pattern=LOADING,
            cwd=LOCAL,
            env=self.environment(),
        )

    def install(self, database, modules, *, log, update=()):
        """Install modules with their demo data, and update others."""
        arguments = ["--with-demo", "--stop-after-init", "--no-http"]
        arguments += ["-i", ",".join(modules)] if modules else []
        arguments += ["-u", ",".join(update)] if update else []
        what = f"Installing {', '.join([*modules, *update])}"
        path = self.run(database, *arguments, log=log, what=what)
        failed = [line for line in path.open() if "demo data failed to install" in line]
        if failed:
            raise CannotGoOnError(f"{failed[0].strip()}; the whole log is {path}")
        return path

    def shell(self, database, code, *, log, what):
        """Run Python code with ``env`` of that database, and commit."""
        script = CONFIG / f"{database}.shell.py"
        script.write_text(f"{code}\nenv.cr.commit()\n")
        with script.open() as source:
            return console.run(
                [self.python, "-m", "odoo", "shell", "--no-http"]
                + ["-c", self.config(database)],
                log,
                what=what,
                cwd=LOCAL,
                env=self.environment(),
                stdin=source,
            )
