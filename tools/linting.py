"""``make lint`` and ``make format``: the style of Python, XML and scripts."""

import shutil
import subprocess

from . import addons, console, environment, nodejs, paths
from .console import CannotGoOnError
from .paths import LOCAL, ROOT
from .postgres import exclusive

PYTHON = ("ruff", "ruff-format", "pylint-odoo", "oca-checks")
FORMATTED = "**/*.{xml,js,scss,css}"
NODE = LOCAL / "node"


def check(*names):
    """Run the checks, all or those named; return 1 if one complains."""
    commands = _commands()
    unknown = set(names) - set(commands)
    if unknown:
        raise CannotGoOnError(f"There are only these checks: {', '.join(commands)}")
    failed = [name for name in names or commands if not _passes(name, commands[name])]
    if failed:
        console.say(f"Complaints of: {', '.join(failed)} (make format mends style)")
    return 1 if failed else 0


def fix():
    """Rewrite what a formatter can rewrite."""
    tools = _tools()
    _call([tools / "ruff", "check", "--fix", "--quiet", "--exit-zero", "."])
    _call([tools / "ruff", "format", "."])
    _call([tools / "oca-checks-odoo-module", "--fix", "--no-verbose", *addons.names()])
    _call(_prettier("--write", "--list-different"))
    console.say("What is left is yours to mend: make lint")
    return 0


def _commands():
    tools, own = _tools(), addons.names()
    return {
        "ruff": [tools / "ruff", "check", "."],
        "ruff-format": [tools / "ruff", "format", "--check", "."],
        "pylint-odoo": [tools / "pylint", "--rcfile=.pylintrc", *own],
        "oca-checks": [tools / "oca-checks-odoo-module", *own],
        "prettier": _prettier("--check"),
    }


def _passes(name, command):
    done = _call(command, capture_output=True, text=True)
    console.say(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'}")
    if done.returncode:
        console.say(f"{done.stdout}{done.stderr}".strip())
    return done.returncode == 0


def _call(command, **options):
    return subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=nodejs.variables(), **options
    )


def _tools():
    paths.make_folders()
    with exclusive("lint"):
        python = environment.ensure("lint", "requirements-lint", "30 s")
        _ensure_prettier()
    return python.parent


def _ensure_prettier():
    lock = (ROOT / "package-lock.json").read_text()
    stamp = NODE / "stamp"
    if stamp.exists() and stamp.read_text() == lock:
        return
    npm = nodejs.ensure() / "npm"
    with console.step("Installing prettier", "10 s"):
        shutil.rmtree(NODE, ignore_errors=True)
        NODE.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, NODE)
        console.run(
            [npm, "ci", "--no-audit", "--no-fund", "--prefix", NODE],
            "npm.log",
            what="npm ci",
            env=nodejs.variables(),
            cwd=NODE,
        )
    stamp.write_text(lock)


def _prettier(*arguments):
    modules = NODE / "node_modules"
    plugin = modules / "@prettier" / "plugin-xml" / "src" / "plugin.js"
    program = modules / "prettier" / "bin" / "prettier.cjs"
    patterns = [f"{name}/{FORMATTED}" for name in addons.names()]
    return [nodejs.ensure() / "node", program, f"--plugin={plugin}", *arguments] + [
        "--no-error-on-unmatched-pattern",
        *patterns,
    ]
