"""``make test``: the whole suite on a database of its own."""

import os
import re
import subprocess
from contextlib import contextmanager

from . import addons, console, epcis, system, workbench
from .paths import LOCAL, LOGS, ROOT

NATIVE_TAG = "qms_native"
NATIVE_RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
NATIVE_NEWS = re.compile(r" (ERROR|CRITICAL|WARNING) |^Traceback|^  File |Error: ")


def run(*arguments):
    """Run pytest, and beside it Odoo's own runner for the tests tagged for it.

    :param arguments: passed to pytest; where there are any, pytest runs alone
    """
    with workbench.ready(system.BROWSER) as databases:
        epcis.ensure()
        template = databases.full()
        with _native(databases, template, skipped=bool(arguments)) as native:
            code = _pytest(databases, template, arguments)
            return native.result() or code


def _pytest(databases, template, arguments):
    runner = databases.runner
    options = ["--odoo-http", *_jobs(bool(arguments)), *arguments]
    with databases.temporary(template) as name:
        console.say(f"-> Testing on {name}")
        return subprocess.run(
            [runner.python, "-m", "pytest", *options],
            cwd=ROOT,
            env=runner.environment(ODOO_RC=str(runner.config(name)), QMS_TEST_COPY="1"),
        ).returncode


def _jobs(narrowed):
    """Processes of pytest, each with a copy of the database.

    JOBS says how many; else one more than there are cores for the whole suite, up to
    three: each waits for PostgreSQL and browsers now and then.
    """
    default = 1 if narrowed else min(3, (os.cpu_count() or 1) + 1)
    jobs = os.environ.get("JOBS") or str(default)
    options = ["-n", jobs, "--dist", "loadfile", "--no-loadscope-reorder"]
    return options if jobs != "1" else []


@contextmanager
def _native(databases, template, skipped):
    if skipped or not _has_native_tests():
        yield NoNativePass(skipped)
        return
    with databases.temporary(template, "native") as name:
        native = NativePass(databases.runner, name)
        try:
            yield native
        finally:
            native.process.kill()
            native.process.wait()


def _has_native_tests():
    files = ROOT.glob("qms_*/tests/**/*.py")
    return any(NATIVE_TAG in path.read_text() for path in files)


class NoNativePass:
    """Stands for the pass where there is nothing to run."""

    def __init__(self, skipped):
        self.skipped = skipped

    def result(self):
        """Say why there is none."""
        why = (
            "left out with ARGS" if self.skipped else f"no test is tagged {NATIVE_TAG}"
        )
        console.say(f"Odoo's own runner: {why}")
        return 0


class NativePass:
    """Odoo's own test runner, in the background.

    Only there are tests run in the order of installation, and routes that promise
    to be read-only on a read-only cursor. It updates the addons on the way.
    """

    def __init__(self, runner, name):
        self.log = LOGS / "native-tests.log"
        tests = ["-u", ",".join(addons.names()), "--test-tags", NATIVE_TAG]
        command = runner.command(
            name, *tests, "--stop-after-init", http_port=system.any_port()
        )
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                cwd=LOCAL,
                env=runner.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def result(self):
        """Wait for the end, tell how it went, and return the exit code."""
        code = self.process.wait()
        lines = self.log.read_text().splitlines()
        failed, count = native_counts(lines)
        if code or failed or not count:
            console.say("\n".join(line for line in lines if NATIVE_NEWS.search(line)))
            console.say(f"Odoo's own runner: FAILED, {count} tests; see {self.log}")
            return code or 1
        console.say(f"Odoo's own runner: {count} tests passed")
        return 0


def native_counts(lines):
    """How many tests failed or broke, and how many there were."""
    found = [match for line in lines if (match := NATIVE_RESULT.search(line))]
    if not found:
        return 0, 0
    failed, broken, count = map(int, found[-1].groups())
    return failed + broken, count
